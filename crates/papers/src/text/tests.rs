use super::*;

const FRONT: &str = "+++\ntitle = \"T\"\nfooter = \"F\"\nsignature = \"none\"\nauthority = \"HS 1\"\nstatus = \"observed\"\n+++\n";

/// What a text becomes with some values, or its mistake.
fn filled(body: &str) -> String {
    let values = minijinja::context! {
        people => 1_234_567, cases => 1, convictions => 0, completed => true, serving => false,
        caption => minijinja::context! { defendants => "*A* {{ people }} <b>\n# X", county => "C", title => None::<u8> },
        attorney => minijinja::context! { name => None::<u8> },
        exhibit => minijinja::context! { volumes => ["one", "two"], letter => "A" },
    };
    let words = Words::read("us-ca/papers/own.md", &format!("{FRONT}{body}"), Data::Filing);
    match words.and_then(|words| words.fill(&values)) {
        Ok(filled) => serde_json::to_string_pretty(&filled.blocks).unwrap(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn markdown_becomes_blocks() {
    insta::assert_snapshot!(filled(
        "## Heading {{ people }}\n\nA *b* **c *d*** e\nf\\\ng\n\n1. one\n2. two\n\n   > quoted\n\n- x\n    > y\n"
    ));
}

#[test]
fn a_value_is_never_markdown() {
    insta::assert_snapshot!(filled(
        "{{ caption.defendants }}\n\n**{{ caption.defendants }}**\n\n1. {{ caption.defendants }}\n"
    ));
}

#[test]
fn a_condition_that_does_not_hold_leaves_nothing() {
    insta::assert_snapshot!(filled(
        "{% if serving %}\nServing.\n\n{% endif %}\n{% for volume in exhibit.volumes %}\n1. {{ volume }}\n{% endfor %}\n\n{{ attorney.name }}, {{ people }}\n"
    ));
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let bodies = [
        "A {{ peple }}",
        "\n\n  A {{ people",
        "{% if completed %}\nA",
        "{% if serving %}\n{{ exhibit.leter }}\n{% endif %}",
        "A\n\nB <b>c</b>",
        "{% if completed %}\n\nA [b](c)\n{% endif %}",
        "`code`",
        "    indented",
        "| a |\n|---|\n\n---\n",
        "![a](b)",
        "{{ exhibit }}",
        "{{ people|nothing }}",
        "A\u{E000}B",
    ];
    let told: String = bodies.iter().map(|body| format!("{body:?}\n    {}\n", filled(body))).collect();
    insta::assert_snapshot!(told);
}

#[test]
fn front_matter_with_a_mistake_is_told_with_its_place() {
    let told = |text: &str| match Words::read("us-ca/papers/own.md", text, Data::Filing) {
        Ok(_) => "read".to_owned(),
        Err(error) => error.to_string(),
    };
    let cases = [
        FRONT.to_owned(),
        FRONT.replace('\n', "\r\n"),
        "Text".to_owned(),
        FRONT.replace("\n+++\n", "\n"),
        FRONT.replace("observed", "sure"),
        FRONT.replace("signature = \"none\"\n", ""),
        FRONT.replace("HS 1", " "),
        FRONT.replace("observed", "unconfirmed"),
        FRONT.replace("footer", "foot"),
        FRONT.replace("\"F\"", "\"F {{ fot }}\""),
        FRONT.replace("\"F\"", "\"F {{ people\""),
    ];
    insta::assert_snapshot!(cases.iter().map(|text| told(text) + "\n").collect::<String>());
}
