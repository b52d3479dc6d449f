//! Labels of apps (django-mapping 7).

/// Names that tools give to packages and models nobody named: their classes go to an app named otherwise.
pub fn is_tool_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "",
        "ea_model",
        "model",
        "models",
        "rootelement",
        "root_element",
        "data",
        "uml_model",
        "my_model",
        "untitled",
        "untitled_model",
        "untitled_package",
        "unnamed",
        "package",
        "root",
        "model_explorer",
    ];
    NAMES.contains(&name)
}

/// Packages in which tools put their views; never apps, whatever they hold directly.
pub fn is_view(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "logical_view",
        "use_case_view",
        "component_view",
        "deployment_view",
        "dynamic_view",
        "class_view",
        "domain_model",
        "class_model",
        "ea_model",
    ];
    NAMES.contains(&name)
}
