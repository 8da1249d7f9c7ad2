use super::*;

const NONCE: &str = r#" nonce="{{ _page_nonce() }}""#;

fn own(source: &str) -> String {
    with_nonces(source, None)
}

/// The needs of somebody else's template.
fn needs(source: &str) -> Needs {
    let prepared = with_nonces(source, Some("a test"));
    let bits = prepared
        .strip_prefix("{{ _page_needs(")
        .and_then(|rest| rest.split(')').next())
        .unwrap();
    let needs = Needs::of_bits(bits.parse().unwrap());
    assert!(needs.has(Needs::FOREIGN));
    needs
}

fn is_inline(source: &str) -> bool {
    needs(source).any_inline()
}

#[test]
fn script_tags_in_the_text_get_the_number() {
    assert_eq!(
        own("<script>a()</script>"),
        format!("<script{NONCE}>a()</script>")
    );
    assert_eq!(own("<SCRIPT\nsrc=x>"), format!("<SCRIPT{NONCE}\nsrc=x>"));
    assert_eq!(
        own(
            "<script{% if a > b %} type=\"module\"{% endif %} src=\"{{ static(\"x\") }}\"></script>"
        ),
        format!(
            "<script{NONCE}{{% if a > b %}} type=\"module\"{{% endif %}} src=\"{{{{ static(\"x\") }}}}\"></script>"
        )
    );
    assert_eq!(
        own("<script{{ more }}>"),
        format!("<script{NONCE}{{{{ more }}}}>")
    );
    assert_eq!(
        own("<link rel=modulepreload href=a.js>"),
        format!("<link{NONCE} rel=modulepreload href=a.js>")
    );
    assert_eq!(
        own("{% raw %}<script>{{ x }}</script>{% endraw %}<script>"),
        format!(
            "{{% raw %}}<script nonce=\"{{% endraw %}}{{{{ _page_nonce() }}}}{{% raw %}}\">\
             {{{{ x }}}}</script>{{% endraw %}}<script{NONCE}>"
        )
    );
    assert_eq!(
        own("é<b title=\"é{{ 'é' }}\">é</b><script>"),
        format!("é<b title=\"é{{{{ 'é' }}}}\">é</b><script{NONCE}>")
    );
}

#[test]
fn what_is_no_script_tag_stays() {
    for source in [
        "<script nonce=\"{{ mine }}\">a()</script>",
        "<script type=\"application/json\">{\"a\": \"<script>\"}</script>",
        "<script type='application/ld+json'></script>",
        "<!-- <script> -->",
        "{# <script> #}",
        "<textarea><script></textarea>",
        "<title><script></title>",
        "<style>a > b { content: '<script>' }</style>",
        "<b title='<script>'>",
        "<scripts>",
        "< script>",
        "&lt;script>",
        "<link rel=stylesheet href=a.css>",
        "{{ '<script>' }}",
        "{{ unclosed <script>",
    ] {
        assert_eq!(own(source), source);
    }
    // A tag in the text of a script is the script's business.
    let written = "<script>x.innerHTML = \"<script>\";</script>";
    assert_eq!(
        own(written),
        written.replacen("<script", &format!("<script{NONCE}"), 1)
    );
}

#[test]
fn needs_of_templates_are_seen() {
    for source in [
        "<a href=# onclick=\"go()\">",
        "<body OnLoad = go()>",
        "<a {% if x %}onclick='go()'{% endif %}>",
        "<a href={{ url }} onclick=go()>",
        "<a href=\"{{ urls.table(\"x\") }}\" onclick=go()>",
        "<a on{{ event }}=\"go()\">",
        "<a href=\"javascript:void(0)\">",
        "<a href=' \tJava\nScript:go()'>",
        "<form action=javascript:go()>",
        "<iframe srcdoc=\"<script>go()</script>\"></iframe>",
        "<script>document.write('<script src=x>')</script>",
        "<script>e.innerHTML = '<b class=\"x\" onclick=\"go()\">'</script>",
        "<script>e.innerHTML = `<a href=\"javascript:go()\">`</script>",
        "<script>e.setAttribute('onclick', 'go()')</script>",
        "{{ '<script>go()</script>'|safe }}",
        "{% set a = '<b onclick=\"go()\">' %}{{ a|safe }}",
        "{{ \"<a href='javascript:go()'>\"|safe }}",
    ] {
        assert!(is_inline(source), "{source}");
    }
    for source in [
        "<a href=# class=onclick>on click = 1</a>",
        "<a data-onclick=x>",
        "<b title=\"javascript: a language\">javascript:</b>",
        "<p>onclick=go()</p>",
        "<script>window.onload = go; e.onclick = go; e.addEventListener('click', go);</script>",
        "<script>if (a <b && on == 1) {}</script>",
        "<input name=one>",
        "{# <b onclick=go()> #}",
        "<script>const a = {{ rows|tojson }};</script>",
    ] {
        assert!(!is_inline(source), "{source}");
    }
    assert!(needs("<object data=x.svg></object>").has(Needs::OBJECTS));
    assert!(needs("<embed src=x.pdf>").has(Needs::OBJECTS));
    assert!(needs("<base href=\"{{ base_url }}\">").has(Needs::BASE));
    assert!(!needs("<base target=_blank>").has(Needs::BASE));
    assert_eq!(needs("<p>plain</p>"), Needs::FOREIGN);
}

#[test]
fn any_text_can_be_read() {
    for source in [
        "<",
        "<a",
        "<a b",
        "<a b=",
        "<a b='",
        "<script",
        "</",
        "<!--",
        "{",
        "{{",
        "{%",
        "{#",
        "{% raw %}",
        "{% raw %}<script>",
        "<é=é>",
        "<a é>",
        "<a =>",
        "<a/>",
        "<a é='é",
        "<script\u{1}>",
        "{{ \"\\",
    ] {
        let prepared = own(source);
        assert_eq!(
            prepared.replace(NONCE, "").replace(INSERTED_IN_RAW, ""),
            source
        );
    }
}
