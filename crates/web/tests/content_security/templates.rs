//! Templates of the owner, made for a server without a policy.

use datasette_testkit::{Answer, TestSite};
use serde_json::json;

use crate::{OPEN, SQL, assert_strict};

async fn page(templates: &[(&str, &str)], path: &str) -> Answer {
    let mut site = TestSite::build().database("data", SQL);
    for (name, source) in templates {
        site = site.template(name, source);
    }
    site.start().await.get(path).await
}

#[tokio::test]
async fn bare_scripts_of_templates_run() {
    let table = "{% extends \"default:table.html\" %}{% block extra_head %}{{ super() }}\
        <script>mine({{ 1 + 1 }})</script><script src=\"https://a.example/x.js\"></script>\
        {% endblock %}";
    let answer = page(&[("table.html", table)], "/data/t").await;
    let nonce = assert_strict(&answer, "/data/t");
    let expected = format!("<script nonce=\"{nonce}\">mine(2)</script>");
    assert!(answer.text().contains(&expected));
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("'unsafe-eval'"), "{policy}");
    // Cells are data in any template.
    assert!(answer.text().contains("&lt;script&gt;broken()"));
}

#[tokio::test]
async fn includes_and_macros_know_the_number_of_their_page() {
    let answer = page(
        &[
            (
                "pages/one.html",
                "{% from \"_macro.html\" import m %}{{ m() }}{% include \"_in.html\" %}\
                <p>{{ csp_nonce() }}</p>{% raw %}<script>{{ raw }}</script>{% endraw %}",
            ),
            (
                "_macro.html",
                "{% macro m() %}<script>in_macro()</script>{% endmacro %}",
            ),
            ("_in.html", "<script>included()</script>"),
        ],
        "/one",
    )
    .await;
    let nonce = assert_strict(&answer, "/one");
    let script = |text: &str| format!("<script nonce=\"{nonce}\">{text}</script>");
    let expected = [
        script("in_macro()"),
        script("included()"),
        format!("<p>{nonce}</p>"),
        script("{{ raw }}"),
    ];
    assert_eq!(answer.text(), expected.concat());
}

#[tokio::test]
async fn data_that_a_template_prints_gets_no_number() {
    // `safe` is the mistake that the policy is for.
    let table = "{% for row in display_rows %}{{ row.name|safe }}{% endfor %}\
        {% for row in rows %}{{ row.name|safe }}{% endfor %}<script>mine()</script>";
    let answer = page(&[("table.html", table)], "/data/t").await;
    let nonce = crate::nonce(&answer);
    assert_eq!(answer.text().matches(nonce).count(), 1);
    assert!(answer.text().contains("<script>broken()</script>"));
}

#[tokio::test]
async fn handlers_in_templates_open_their_pages_only() {
    let templates = [
        (
            "database.html",
            "{% extends \"base.html\" %}{% block content %}{% include \"_button.html\" %}{% endblock %}",
        ),
        ("_button.html", "<button onclick=\"go()\">Go</button>"),
    ];
    let site = TestSite::build().database("data", SQL);
    let site = templates
        .iter()
        .fold(site, |site, (name, source)| site.template(name, source));
    let site = site.start().await;
    let open = site.get("/data").await;
    assert_eq!(open.header("content-security-policy"), Some(OPEN));
    assert_strict(&site.get("/data/t").await, "/data/t");
}

#[tokio::test]
async fn a_policy_of_a_page_is_kept() {
    let source = "{{ custom_header(\"Content-Security-Policy\", \"default-src 'self'\") }}<script>x</script>";
    let answer = page(&[("pages/own.html", source)], "/own").await;
    let policies: Vec<&str> = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "content-security-policy")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(policies, ["default-src 'self'"]);
}

#[tokio::test]
async fn error_pages_of_the_owner_have_it() {
    let templates = [
        ("404.html", "<script>missing()</script>"),
        ("403.html", "<script>closed()</script>"),
        ("500.html", "<script>broken()</script>"),
        ("csrf_error.html", "<script>foreign()</script>"),
        ("pages/broken.html", "{{ missing.deeper }}"),
    ];
    let site = TestSite::build()
        .database("data", SQL)
        .config(json!({"databases": {"data": {"allow": false}}}));
    let site = templates
        .iter()
        .fold(site, |site, (name, source)| site.template(name, source));
    let site = site.start().await;
    for (path, status, script) in [
        ("/nope", 404, "missing()"),
        ("/data", 403, "closed()"),
        ("/broken", 500, "broken()"),
    ] {
        let answer = site.get(path).await;
        assert_eq!(answer.status, status);
        let nonce = assert_strict(&answer, path);
        assert_eq!(
            answer.text(),
            format!("<script nonce=\"{nonce}\">{script}</script>")
        );
    }
}
