//! What templates of Jinja2 cannot say here: each is told with the place and a way around
//! (docs/guides/templates.md, "What differs from Jinja2").

use datasette_testkit::TestSite;

/// The words of the error page that such a template gives.
async fn told(source: &str) -> String {
    let site = TestSite::build()
        .database("data", "create table t (id integer primary key)")
        .template("pages/own.html", &format!("<p>one</p>\n{source}"))
        .template("parent.html", "{% block a %}parent{% endblock %}")
        .template(
            "middle.html",
            "{% extends 'parent.html' %}{% block a %}middle{% endblock %}",
        )
        .start()
        .await;
    let page = site.get("/own").await.with_status(500).text().to_owned();
    let message = page
        .split("<div class=\"error-message\">")
        .nth(1)
        .and_then(|rest| rest.split("</div>").next())
        .unwrap_or_default();
    message.replace("&#39;", "'").replace("&#34;", "\"")
}

/// What such a template gives.
async fn given(source: &str) -> String {
    let site = TestSite::build()
        .database("data", "create table t (id integer primary key)")
        .template("pages/own.html", source)
        .template(
            "_part.html",
            "{% macro m() %}{{ request.path }}{% endmacro %}",
        )
        .start()
        .await;
    site.get("/own").await.with_status(200).text().to_owned()
}

// Proves: cli-config/TPL-66
#[tokio::test]
async fn what_cannot_be_said_is_told_with_a_way_around() {
    for (source, wanted) in [
        (
            "{% macro m(a) %}{{ varargs }}{% endmacro %}{{ m(1, 2) }}",
            "a macro takes the arguments that it names",
        ),
        (
            "{% macro m(a) %}{{ kwargs }}{% endmacro %}{{ m(1, b=2) }}",
            "a macro takes the arguments that it names",
        ),
        (
            "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(1) }}",
            "{% set b = b|default(a) %}",
        ),
        (
            "{% extends 'middle.html' %}{% block a %}{{ super.super() }}{% endblock %}",
            "super() reaches the template that this one extends and no further",
        ),
        ("{{ 1, 2 }}", "need parentheses: (a, b)"),
        (
            "{% set form = '%s' %}{{ form % 1 }}",
            "write text|format(value)",
        ),
        (
            "{{ request.args.update({'a': 1}) }}",
            "make one of its own with |list or dict()",
        ),
        ("{% print(1) %}", "unknown statement print"),
        ("{{ lipsum() }}", "lipsum is unknown"),
        ("{{ 'a'.encode() }}", "no method named encode"),
        ("{{ 2 ** 200 }}", "unable to calculate"),
    ] {
        let told = told(source).await;
        assert!(told.contains(wanted), "{source}: {told}");
        assert!(told.contains("(in pages/own.html:2)"), "{source}: {told}");
    }
}

#[tokio::test]
async fn what_works_otherwise_works_so() {
    for (source, wanted) in [
        // Texts of markup that are cut or repeated are text again.
        ("{% set m %}<b>{% endset %}{{ m[:2] }}", "&lt;b"),
        ("{% set m %}<b>{% endset %}{{ (m[:2])|safe }}", "<b"),
        // An item comes before a method of the same name, unless it is called.
        ("{{ {'items': 5}.items }}", "5"),
        // Imported templates see the page, asked or not.
        (
            "{% import '_part.html' as part without context %}{{ part.m() }}",
            "/own",
        ),
        // What Jinja2 has as extensions only.
        (
            "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
            "013",
        ),
        ("{% set l = [] %}{% do l.append(1) %}{{ l }}", "[1]"),
        // Things of different kinds have an order, and nothing is an empty list.
        (
            "{{ none < 1 }}{% for i in none %}{% else %}-{% endfor %}",
            "True-",
        ),
    ] {
        assert_eq!(given(source).await, wanted, "{source}");
    }
}
