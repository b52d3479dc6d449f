//! Metaclasses: what they are to us, and which one a feature implies.

use crate::account::ElementKind;
use crate::uml::draft::RelationKind;
use crate::uml::model::{ClassifierKind, PackageKind};

/// What a metaclass is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Package(PackageKind),
    Classifier(ClassifierKind),
    Property,
    Literal,
    Operation,
    Parameter,
    Association,
    Relation(RelationKind),
    GeneralizationSet,
    Comment,
    Constraint,
    /// It makes its owner a template.
    Template,
    /// Its owner is made of a template.
    Binding,
    /// A value specification; its owner reads it.
    Value,
    /// Read by nobody, and nobody misses it: imports, definitions of profiles, instances.
    Silent,
    /// No part of class diagrams; told by U0204.
    Ignored,
}

impl Kind {
    /// What `metaclass` is.
    pub(crate) fn of(metaclass: &str) -> Self {
        use ClassifierKind as C;
        match metaclass {
            "Model" => Self::Package(PackageKind::Model),
            "Package" => Self::Package(PackageKind::Package),
            "Profile" => Self::Package(PackageKind::Profile),
            "Class" => Self::Classifier(C::Class),
            "AssociationClass" => Self::Classifier(C::AssociationClass),
            "Interface" => Self::Classifier(C::Interface),
            "DataType" => Self::Classifier(C::DataType),
            "PrimitiveType" => Self::Classifier(C::PrimitiveType),
            "Enumeration" => Self::Classifier(C::Enumeration),
            "Signal" => Self::Classifier(C::Signal),
            "Actor" => Self::Classifier(C::Actor),
            "Component" => Self::Classifier(C::Component),
            "Node" | "Device" | "ExecutionEnvironment" => Self::Classifier(C::Node),
            "Property" | "ExtensionEnd" => Self::Property,
            "EnumerationLiteral" => Self::Literal,
            "Operation" => Self::Operation,
            "Parameter" => Self::Parameter,
            "Association" | "CommunicationPath" => Self::Association,
            "Generalization" => Self::Relation(RelationKind::Generalization),
            "InterfaceRealization" | "Realization" | "Implementation" => Self::Relation(RelationKind::Realization),
            "Dependency" | "Usage" | "Abstraction" | "Substitution" | "Permission" => {
                Self::Relation(RelationKind::Dependency)
            }
            "GeneralizationSet" => Self::GeneralizationSet,
            "Comment" => Self::Comment,
            "Constraint" => Self::Constraint,
            "TemplateSignature" | "RedefinableTemplateSignature" => Self::Template,
            "TemplateBinding" => Self::Binding,
            // What realizes a component is its wiring.
            "ComponentRealization"
            | "Stereotype"
            | "Extension"
            | "ElementImport"
            | "PackageImport"
            | "PackageMerge"
            | "ProfileApplication"
            | "TemplateParameterSubstitution"
            | "InstanceSpecification"
            | "Slot"
            | "Image"
            | "StringExpression" => Self::Silent,
            _ if metaclass.starts_with("Literal") && metaclass != "Literal" => Self::Value,
            "OpaqueExpression" | "Expression" | "InstanceValue" | "TimeExpression" | "Duration" | "Interval"
            | "TimeInterval" | "DurationInterval" | "ExpressionInOCL" | "ValueSpecification" => Self::Value,
            _ => Self::Ignored,
        }
    }

    /// What the account calls an element of this kind, whose metaclass is `metaclass`.
    pub(crate) fn word(self, metaclass: &str) -> ElementKind {
        use ElementKind as E;
        match self {
            Self::Package(PackageKind::Model) => E::Model,
            Self::Package(PackageKind::Package) => E::Package,
            Self::Package(PackageKind::Profile) => E::Profile,
            Self::Classifier(ClassifierKind::Class) => E::Class,
            Self::Classifier(ClassifierKind::AssociationClass) => E::AssociationClass,
            Self::Classifier(ClassifierKind::Interface) => E::Interface,
            Self::Classifier(ClassifierKind::DataType) => E::DataType,
            Self::Classifier(ClassifierKind::PrimitiveType) => E::PrimitiveType,
            Self::Classifier(ClassifierKind::Enumeration) => E::Enumeration,
            Self::Classifier(ClassifierKind::Component) => E::Component,
            Self::Classifier(ClassifierKind::Signal) => E::Signal,
            Self::Classifier(ClassifierKind::Actor) => E::Actor,
            Self::Classifier(ClassifierKind::Node) => E::Node,
            Self::Property => E::Attribute,
            Self::Literal => E::Literal,
            Self::Operation => E::Operation,
            Self::Parameter => E::Parameter,
            Self::Association => E::Association,
            Self::Relation(RelationKind::Generalization) => E::Generalization,
            Self::Relation(RelationKind::Realization) => E::Realization,
            Self::Relation(RelationKind::Dependency) => E::Dependency,
            Self::GeneralizationSet => E::GeneralizationSet,
            Self::Comment => E::Comment,
            Self::Constraint => E::Constraint,
            Self::Template => E::Template,
            Self::Binding | Self::Value => E::Other,
            Self::Silent | Self::Ignored => match metaclass {
                "Port" => E::Port,
                "Stereotype" => E::Stereotype,
                "Extension" => E::Extension,
                "ComponentRealization" => E::Realization,
                "InstanceSpecification" => E::Instance,
                "ElementImport" | "PackageImport" | "PackageMerge" | "ProfileApplication" => E::Import,
                _ => E::Other,
            },
        }
    }
}

/// The metaclass of elements in features whose type is concrete; tools may leave it out there.
pub(super) fn implied(feature: &str) -> Option<&'static str> {
    Some(match feature {
        "ownedAttribute" | "ownedEnd" | "navigableOwnedEnd" | "qualifier" => "Property",
        "ownedLiteral" => "EnumerationLiteral",
        "ownedOperation" => "Operation",
        "ownedParameter" => "Parameter",
        "generalization" => "Generalization",
        "interfaceRealization" => "InterfaceRealization",
        "substitution" => "Substitution",
        "ownedComment" => "Comment",
        "ownedRule" | "precondition" | "postcondition" | "bodyCondition" => "Constraint",
        "packageImport" | "metamodelReference" => "PackageImport",
        "elementImport" | "metaclassReference" => "ElementImport",
        "packageMerge" => "PackageMerge",
        "profileApplication" => "ProfileApplication",
        "templateBinding" => "TemplateBinding",
        "ownedTemplateSignature" => "TemplateSignature",
        "slot" => "Slot",
        "ownedStereotype" => "Stereotype",
        "nestedPackage" => "Package",
        "ownedPort" => "Port",
        "ownedConnector" => "Connector",
        "ownedReception" => "Reception",
        "icon" => "Image",
        _ => return None,
    })
}
