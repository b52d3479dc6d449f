//! Ordered walks and orders over small graphs: the same input gives the same order, whatever petgraph yields first.
//!
//! Nodes are numbers from 0; edges lead from the first to the second. None of these recurses.

use std::collections::BTreeSet;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// The strongly connected parts that hold a cycle: more than one node, or a node with an edge to itself.
///
/// Nodes ascend within a part, parts ascend by their first node.
pub fn cycles(nodes: usize, edges: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut graph = DiGraph::<(), ()>::with_capacity(nodes, edges.len());
    for _ in 0..nodes {
        graph.add_node(());
    }
    let mut selfish = BTreeSet::new();
    for &(from, to) in edges {
        graph.add_edge(NodeIndex::new(from), NodeIndex::new(to), ());
        if from == to {
            selfish.insert(from);
        }
    }
    let mut parts: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .map(|part| {
            let mut part: Vec<usize> = part.into_iter().map(NodeIndex::index).collect();
            part.sort_unstable();
            part
        })
        .filter(|part| part.len() > 1 || selfish.contains(&part[0]))
        .collect();
    parts.sort();
    parts
}

/// All nodes such that an edge's second node comes before its first, otherwise in ascending order.
///
/// Where there is a cycle, its lowest node comes as soon as nothing else can.
pub fn dependencies_first(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut waiting_for = vec![0_usize; nodes];
    let mut users = vec![Vec::new(); nodes];
    let unique: BTreeSet<(usize, usize)> = edges.iter().copied().filter(|(from, to)| from != to).collect();
    for (from, to) in unique {
        waiting_for[from] += 1;
        users[to].push(from);
    }
    let mut ready: BTreeSet<usize> = (0..nodes).filter(|&node| waiting_for[node] == 0).collect();
    let mut left: BTreeSet<usize> = (0..nodes).filter(|&node| waiting_for[node] > 0).collect();
    let mut order = Vec::with_capacity(nodes);
    while let Some(node) = ready.pop_first().or_else(|| left.pop_first()) {
        order.push(node);
        for &user in &users[node] {
            waiting_for[user] -= 1;
            if waiting_for[user] == 0 && left.remove(&user) {
                ready.insert(user);
            }
        }
    }
    order
}

/// A shortest path from `from` to `to` along the edges, both included; of equally short ones the one whose edges come first.
pub fn shortest_path(nodes: usize, edges: &[(usize, usize)], from: usize, to: usize) -> Option<Vec<usize>> {
    let mut next = vec![Vec::new(); nodes];
    for &(a, b) in edges {
        next[a].push(b);
    }
    let mut came_from: Vec<Option<usize>> = vec![None; nodes];
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for &after in &next[node] {
            if came_from[after].is_some() {
                continue;
            }
            came_from[after] = Some(node);
            if after == to {
                let mut path = vec![to];
                let mut at = node;
                while at != from {
                    path.push(at);
                    at = came_from[at]?;
                }
                path.push(from);
                path.reverse();
                return Some(path);
            }
            queue.push_back(after);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found_and_ordered() {
        assert_eq!(cycles(5, &[(3, 2), (2, 3), (0, 1), (4, 4)]), [vec![2, 3], vec![4]]);
    }

    #[test]
    fn what_is_needed_comes_first_and_cycles_do_not_stop_it() {
        assert_eq!(dependencies_first(4, &[(0, 3), (1, 2), (2, 1)]), [3, 0, 1, 2]);
    }

    #[test]
    fn a_path_back_to_its_start_is_a_cycle() {
        assert_eq!(shortest_path(3, &[(0, 1), (1, 2), (2, 0)], 0, 0), Some(vec![0, 1, 2, 0]));
    }

    #[test]
    fn a_long_chain_does_not_overflow_the_stack() {
        let edges: Vec<_> = (0..200_000).map(|node| (node, node + 1)).collect();
        assert!(cycles(200_001, &edges).is_empty());
        assert_eq!(dependencies_first(200_001, &edges)[0], 200_000);
    }
}
