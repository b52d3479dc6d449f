//! Where things stand: a layered layout (Sugiyama's method) without external programs.
//!
//! - Edges that would close a cycle are turned around.
//! - Each box gets a layer, as low as its edges allow; edges that span several layers get invisible boxes on the way.
//! - Boxes are ordered within their layers so that few lines cross (medians, some sweeps).
//! - Coordinates: boxes are drawn towards their neighbours without overlapping.

use super::{Edge, Node, Picture};

/// A placed picture. Coordinates are in pixels; `y` grows downwards.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Rect>,
    /// For each edge the points from its start to its end.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) const ROW: f64 = 16.0;
pub(super) const TITLE: f64 = 24.0;
pub(super) const KICKER: f64 = 13.0;
const MARGIN: f64 = 24.0;
const GAP: f64 = 56.0;
const LAYER_GAP: f64 = 84.0;
const SWEEPS: usize = 12;
/// The size of the font of labels.
pub(super) const LABEL: f64 = 10.0;

/// The width of `text` in a proportional font of `size` pixels; an estimate that errs on the wide side.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    let units: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '[' | ']' | '(' | ')' => 0.34,
            'm' | 'w' | 'M' | 'W' | '«' | '»' => 0.88,
            c if c.is_ascii_uppercase() => 0.70,
            c if c.is_ascii() => 0.57,
            _ => 1.0,
        })
        .sum();
    units * size
}

fn size(node: &Node) -> (f64, f64) {
    let title = text_width(&node.title, 13.0);
    let kicker = node.kicker.as_deref().map_or(0.0, |kicker| text_width(kicker, 10.0));
    let rows = node.rows.iter().map(|row| text_width(&row.text, 11.0)).fold(0.0, f64::max);
    let width = (title.max(kicker).max(rows) + 24.0).max(90.0);
    #[expect(clippy::cast_precision_loss)]
    let rows = node.rows.len() as f64 * ROW + if node.rows.is_empty() { 6.0 } else { 10.0 };
    (width, TITLE + if node.kicker.is_some() { KICKER } else { 0.0 } + rows)
}

/// What the labels at a box need.
struct Room {
    sides: f64,
    right: f64,
}

/// A box or a bend of a long line, while things are being placed.
struct Place {
    layer: usize,
    width: f64,
    height: f64,
    x: f64,
}

pub(super) fn layout(picture: &Picture) -> Layout {
    let count = picture.nodes.len();
    // Self-relations are loops at their box and have no part in the layers.
    let directed = turn_cycles(picture);
    let layers = assign_layers(count, &directed);
    let room = room_for_labels(picture, &directed);
    let loops: Vec<f64> = room.iter().map(|room| room.right).collect();
    let mut places: Vec<Place> = picture
        .nodes
        .iter()
        .zip(&layers)
        .zip(room)
        .map(|((node, &layer), room)| {
            let (width, height) = size(node);
            Place { layer, width: width.max(room.sides) + room.right, height, x: 0.0 }
        })
        .collect();

    // The places that each edge passes, from its lower end to its upper end, and the links between neighbours.
    let mut paths: Vec<Vec<usize>> = Vec::with_capacity(directed.len());
    let mut links: Vec<(usize, usize)> = Vec::new();
    for &(low, high) in &directed {
        let mut path = vec![low];
        if low != high {
            for layer in (layers[high] + 1..layers[low]).rev() {
                path.push(places.len());
                places.push(Place { layer, width: 12.0, height: 0.0, x: 0.0 });
            }
            path.push(high);
            links.extend(path.windows(2).map(|pair| (pair[0], pair[1])));
        }
        paths.push(path);
    }

    let depth = places.iter().map(|place| place.layer + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); depth];
    for (index, place) in places.iter().enumerate() {
        rows[place.layer].push(index);
    }
    let (above, below) = neighbours(places.len(), &links);
    reduce_crossings(&mut rows, &above, &below);
    set_x(&mut rows, &mut places, &above, &below);
    align(&rows, &mut places, |place| above[place].is_empty() && below[place].is_empty());
    finish(picture, &rows, &places, &paths, &loops)
}

/// The width that the label at an end of a line takes along the side of its box.
fn slot(label: &str) -> f64 {
    (text_width(label, LABEL) + 14.0).max(22.0)
}

/// The labels of an edge at its lower and at its upper box.
fn end_labels(edge: &Edge, (low, _): (usize, usize)) -> (&str, &str) {
    if edge.from == low { (&edge.tail_label, &edge.head_label) } else { (&edge.head_label, &edge.tail_label) }
}

/// How wide each box must be, so that the labels of the lines at its top and at its bottom stand side by side.
///
/// Loops stand at the right side and need room there, for themselves and for their labels.
fn room_for_labels(picture: &Picture, directed: &[(usize, usize)]) -> Vec<Room> {
    let mut sides = vec![[0.0_f64; 2]; picture.nodes.len()];
    let mut right = vec![0.0_f64; picture.nodes.len()];
    for edge in picture.edges.iter().filter(|edge| edge.from == edge.to) {
        let labels = [&edge.tail_label, &edge.label, &edge.head_label];
        let label = labels.into_iter().map(|label| text_width(label, LABEL)).fold(0.0, f64::max);
        right[edge.from] = right[edge.from].max(40.0 + label);
    }
    for (edge, &ends) in picture.edges.iter().zip(directed).filter(|(_, (low, high))| low != high) {
        let (low_label, high_label) = end_labels(edge, ends);
        sides[ends.0][0] += slot(low_label);
        sides[ends.1][1] += slot(high_label);
    }
    sides.into_iter().zip(right).map(|([top, bottom], right)| Room { sides: top.max(bottom), right }).collect()
}

/// The edges as (lower, upper) boxes without cycles: an edge that leads back to a box on the current path is turned.
fn turn_cycles(picture: &Picture) -> Vec<(usize, usize)> {
    let count = picture.nodes.len();
    let mut outgoing = vec![Vec::new(); count];
    for (index, edge) in picture.edges.iter().enumerate() {
        outgoing[edge.from].push((index, edge.to));
    }
    let mut state = vec![0_u8; count];
    let mut turned = vec![false; picture.edges.len()];
    for root in 0..count {
        if state[root] != 0 {
            continue;
        }
        state[root] = 1;
        let mut stack = vec![(root, 0_usize)];
        while let Some(top) = stack.last_mut() {
            let (node, next) = *top;
            if let Some(&(edge, to)) = outgoing[node].get(next) {
                top.1 += 1;
                match state[to] {
                    0 => {
                        state[to] = 1;
                        stack.push((to, 0));
                    }
                    1 => turned[edge] = true,
                    _ => {}
                }
            } else {
                state[node] = 2;
                stack.pop();
            }
        }
    }
    picture
        .edges
        .iter()
        .zip(turned)
        .map(|(edge, turned)| if turned { (edge.to, edge.from) } else { (edge.from, edge.to) })
        .collect()
}

/// Layer 0 is at the top. A box stands one layer below the lowest box that it leads to.
fn assign_layers(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let pairs: Vec<(usize, usize)> = edges.iter().copied().filter(|(low, high)| low != high).collect();
    let mut waiting = vec![0_usize; count];
    let mut users = vec![Vec::new(); count];
    for &(low, high) in &pairs {
        waiting[low] += 1;
        users[high].push(low);
    }
    let mut layers = vec![0_usize; count];
    let mut ready: Vec<usize> = (0..count).rev().filter(|&node| waiting[node] == 0).collect();
    while let Some(node) = ready.pop() {
        for &user in &users[node] {
            layers[user] = layers[user].max(layers[node] + 1);
            waiting[user] -= 1;
            if waiting[user] == 0 {
                ready.push(user);
            }
        }
    }
    pull(&mut layers, &pairs, &users);
    apart(&mut layers, &pairs);
    layers
}

/// A box that more boxes lead to than it leads to itself stands just above them: their lines get shorter.
fn pull(layers: &mut [usize], pairs: &[(usize, usize)], users: &[Vec<usize>]) {
    let mut leads = vec![0_usize; layers.len()];
    for &(low, _) in pairs {
        leads[low] += 1;
    }
    let mut order: Vec<usize> = (0..layers.len()).collect();
    order.sort_by_key(|&node| std::cmp::Reverse((layers[node], node)));
    for node in order {
        let nearest = users[node].iter().map(|&user| layers[user] - 1).min();
        if let Some(nearest) = nearest.filter(|_| users[node].len() > leads[node]) {
            layers[node] = nearest;
        }
    }
    // The uppermost layer may be empty now.
    let top = layers.iter().copied().min().unwrap_or(0);
    for layer in layers {
        *layer -= top;
    }
}

/// Boxes without lines stand below all others, side by side in rows.
fn apart(layers: &mut [usize], pairs: &[(usize, usize)]) {
    let mut alone = vec![true; layers.len()];
    for &(low, high) in pairs {
        (alone[low], alone[high]) = (false, false);
    }
    let below = (0..layers.len()).filter(|&node| !alone[node]).map(|node| layers[node] + 1).max().unwrap_or(0);
    let count = alone.iter().filter(|alone| **alone).count();
    let row = (2 * count).isqrt().max(5);
    let singles = (0..layers.len()).filter(|&node| alone[node]);
    for (at, node) in singles.enumerate() {
        layers[node] = below + at / row;
    }
}

fn neighbours(count: usize, links: &[(usize, usize)]) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
    let (mut above, mut below) = (vec![Vec::new(); count], vec![Vec::new(); count]);
    for &(low, high) in links {
        above[low].push(high);
        below[high].push(low);
    }
    (above, below)
}

fn reduce_crossings(rows: &mut [Vec<usize>], above: &[Vec<usize>], below: &[Vec<usize>]) {
    let mut position = vec![0_usize; above.len()];
    for row in rows.iter() {
        for (at, &place) in row.iter().enumerate() {
            position[place] = at;
        }
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let order: Vec<usize> = if down { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        for layer in order {
            let row = &mut rows[layer];
            let mut keyed: Vec<(usize, usize, usize)> = row
                .iter()
                .map(|&place| {
                    let mut at: Vec<usize> = if down { &above[place] } else { &below[place] }
                        .iter()
                        .map(|&neighbour| position[neighbour] * 2)
                        .collect();
                    at.sort_unstable();
                    let own = position[place];
                    let median = match at.len() {
                        0 => own * 2,
                        n if n % 2 == 1 => at[n / 2],
                        n => usize::midpoint(at[n / 2 - 1], at[n / 2]),
                    };
                    (median, own, place)
                })
                .collect();
            keyed.sort_unstable();
            for (at, &(_, _, place)) in keyed.iter().enumerate() {
                row[at] = place;
                position[place] = at;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss)]
fn set_x(rows: &mut [Vec<usize>], places: &mut [Place], above: &[Vec<usize>], below: &[Vec<usize>]) {
    for row in rows.iter() {
        let mut x = 0.0;
        for &place in row {
            places[place].x = x + places[place].width / 2.0;
            x += places[place].width + GAP;
        }
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let order: Vec<usize> = if down { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        for layer in order {
            let row = &rows[layer];
            let wanted: Vec<f64> = row
                .iter()
                .map(|&place| {
                    let near = if down { &above[place] } else { &below[place] };
                    if near.is_empty() {
                        places[place].x
                    } else {
                        near.iter().map(|&other| places[other].x).sum::<f64>() / near.len() as f64
                    }
                })
                .collect();
            // From the left nobody may stand too close, then the same from the right; the mean keeps both promises.
            let apart = |a: usize, b: usize| f64::midpoint(places[a].width, places[b].width) + GAP;
            let mut left = wanted.clone();
            for i in 1..row.len() {
                left[i] = left[i].max(left[i - 1] + apart(row[i - 1], row[i]));
            }
            let mut right = wanted;
            for i in (0..row.len().saturating_sub(1)).rev() {
                right[i] = right[i].min(right[i + 1] - apart(row[i], row[i + 1]));
            }
            for (i, &place) in row.iter().enumerate() {
                places[place].x = f64::midpoint(left[i], right[i]);
            }
        }
    }
}

/// Boxes without lines follow nobody: their rows start where the rest does.
fn align(rows: &[Vec<usize>], places: &mut [Place], is_alone: impl Fn(usize) -> bool) {
    let (alone, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.iter().all(|&place| is_alone(place)));
    let edge = |places: &[Place], place: usize| places[place].x - places[place].width / 2.0;
    let left = others.into_iter().flatten().map(|&place| edge(places, place)).fold(f64::INFINITY, f64::min);
    for row in alone.into_iter().filter(|_| left.is_finite()) {
        let shift = row.first().map_or(0.0, |&first| left - edge(places, first));
        for &place in row {
            places[place].x += shift;
        }
    }
}

fn finish(picture: &Picture, rows: &[Vec<usize>], places: &[Place], paths: &[Vec<usize>], loops: &[f64]) -> Layout {
    let left = places.iter().map(|place| place.x - place.width / 2.0).fold(f64::INFINITY, f64::min);
    let left = if left.is_finite() { left } else { 0.0 };
    let mut tops = Vec::with_capacity(rows.len());
    let mut bottoms = Vec::with_capacity(rows.len());
    let mut y = MARGIN;
    for row in rows {
        let height = row.iter().map(|&place| places[place].height).fold(0.0, f64::max);
        tops.push(y);
        bottoms.push(y + height);
        y += height + LAYER_GAP;
    }
    let center = |place: usize| places[place].x - left + MARGIN;
    let boxes: Vec<Rect> = (0..picture.nodes.len())
        .map(|node| {
            let place = &places[node];
            Rect {
                x: center(node) - place.width / 2.0,
                y: tops[place.layer],
                width: place.width - loops[node],
                height: place.height,
            }
        })
        .collect();

    // Lines that meet at one side of a box are spread over it, in the order of where they come from.
    let ports = spread(picture, places, paths, &boxes, &center);
    let lines = paths
        .iter()
        .zip(&picture.edges)
        .zip(ports)
        .map(|((path, edge), (low_x, high_x))| {
            if edge.from == edge.to {
                let own = boxes[edge.from];
                let (x, y) = (own.x + own.width, own.y + 14.0);
                return vec![(x, y), (x + 30.0, y), (x + 30.0, y + 26.0), (x, y + 26.0)];
            }
            let (low, high) = (path[0], path[path.len() - 1]);
            let mut points = vec![(low_x, boxes[low].y)];
            for &bend in &path[1..path.len() - 1] {
                let layer = places[bend].layer;
                points.push((center(bend), bottoms[layer]));
                points.push((center(bend), tops[layer]));
            }
            points.push((high_x, boxes[high].y + boxes[high].height));
            if low != edge.from {
                points.reverse();
            }
            points
        })
        .collect();
    let right = places.iter().map(|place| place.x + place.width / 2.0).fold(left, f64::max);
    Layout { boxes, lines, width: right - left + 2.0 * MARGIN, height: (y - LAYER_GAP + MARGIN).max(2.0 * MARGIN) }
}

/// For each edge where it leaves its lower box at the top, and where it enters its upper box at the bottom.
fn spread(
    picture: &Picture,
    places: &[Place],
    paths: &[Vec<usize>],
    boxes: &[Rect],
    center: &impl Fn(usize) -> f64,
) -> Vec<(f64, f64)> {
    let mut sides: Vec<[Vec<(i64, usize)>; 2]> = vec![[Vec::new(), Vec::new()]; picture.nodes.len()];
    for (edge, path) in paths.iter().enumerate().filter(|(_, path)| path.len() > 1) {
        #[expect(clippy::cast_possible_truncation)]
        let at = |place: usize| (places[place].x * 16.0) as i64;
        sides[path[0]][0].push((at(path[1]), edge));
        sides[path[path.len() - 1]][1].push((at(path[path.len() - 2]), edge));
    }
    let mut ports: Vec<(f64, f64)> = paths.iter().map(|path| (center(path[0]), center(path[path.len() - 1]))).collect();
    for (node, [top, bottom]) in sides.iter_mut().enumerate() {
        for (is_top, side) in [(true, top), (false, bottom)] {
            side.sort_unstable();
            let label = |edge: usize| {
                let path = &paths[edge];
                let (low, high) = end_labels(&picture.edges[edge], (path[0], path[path.len() - 1]));
                if is_top { low } else { high }
            };
            let wanted: f64 = side.iter().map(|&(_, edge)| slot(label(edge))).sum();
            let stretch = boxes[node].width / wanted.max(1.0);
            let mut x = boxes[node].x;
            for &(_, edge) in side.iter() {
                let width = slot(label(edge)) * stretch;
                // The label stands right of its line, within the slot.
                let port = if label(edge).is_empty() { x + width / 2.0 } else { x + 4.0 };
                x += width;
                if is_top {
                    ports[edge].0 = port;
                } else {
                    ports[edge].1 = port;
                }
            }
        }
    }
    ports
}
