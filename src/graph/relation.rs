//! The graph itself. petgraph stays private: it yields the newest edge first, we yield edges in model order.

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::account::Element;
use crate::uml::model::{Association, Classifier, Property};
use crate::util::arena::{Id, Map};

/// A node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A classifier.
    Classifier(Id<Classifier>),
    /// An association with more than two ends.
    Nary(Id<Association>),
}

/// What an edge stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationKind {
    /// From the special to the general classifier.
    Generalization,
    /// From the realizing classifier to what it realizes.
    Realization,
    /// A binary association, from the type of its first end to the type of its second end.
    Association(Id<Association>),
    /// From an n-ary association to the type of one of its ends.
    NaryEnd(Id<Property>),
    /// An attribute without association, from its owner to the classifier that is its type.
    Attribute(Id<Property>),
}

/// An edge.
#[derive(Clone, Copy, Debug)]
pub struct Relation {
    /// What it stands for.
    pub kind: RelationKind,
    /// The element that was drawn.
    pub element: Element,
    /// Where it starts.
    pub from: Node,
    /// Where it ends.
    pub to: Node,
}

/// All relations of a model. It is built once and never edited.
#[derive(Clone, Debug, Default)]
pub struct RelationGraph {
    graph: DiGraph<Node, Relation>,
    classifiers: Map<Classifier, NodeIndex>,
    nary: Map<Association, NodeIndex>,
}

impl RelationGraph {
    /// Adds a node; adding it again changes nothing.
    pub fn add_node(&mut self, node: Node) {
        self.index(node);
    }

    /// Adds an edge and its nodes.
    pub fn add(&mut self, relation: Relation) {
        let (from, to) = (self.index(relation.from), self.index(relation.to));
        self.graph.add_edge(from, to, relation);
    }

    fn index(&mut self, node: Node) -> NodeIndex {
        if let Some(index) = self.find(node) {
            return index;
        }
        let index = self.graph.add_node(node);
        match node {
            Node::Classifier(id) => self.classifiers.insert(id, index),
            Node::Nary(id) => self.nary.insert(id, index),
        };
        index
    }

    fn find(&self, node: Node) -> Option<NodeIndex> {
        match node {
            Node::Classifier(id) => self.classifiers.get(id).copied(),
            Node::Nary(id) => self.nary.get(id).copied(),
        }
    }

    /// All nodes in the order in which they were added.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.graph.node_weights().copied()
    }

    /// All edges in the order in which they were added.
    pub fn relations(&self) -> impl Iterator<Item = &Relation> + '_ {
        self.graph.edge_weights()
    }

    /// The edges that start at `node`, in the order in which they were added.
    pub fn outgoing(&self, node: Node) -> Vec<&Relation> {
        self.edges(node, Direction::Outgoing)
    }

    /// The edges that lead to `node`, in the order in which they were added.
    pub fn incoming(&self, node: Node) -> Vec<&Relation> {
        self.edges(node, Direction::Incoming)
    }

    fn edges(&self, node: Node, direction: Direction) -> Vec<&Relation> {
        let Some(index) = self.find(node) else { return Vec::new() };
        let mut edges: Vec<EdgeIndex> = self.graph.edges_directed(index, direction).map(|edge| edge.id()).collect();
        edges.sort();
        edges.into_iter().map(|edge| &self.graph[edge]).collect()
    }
}
