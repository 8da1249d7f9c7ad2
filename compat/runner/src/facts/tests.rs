use serde_json::json;

use super::extract;

const PAGE: &str = r##"<!DOCTYPE html><html lang="en"><head><title> a:
 b </title><link rel="stylesheet" href="/x.css"><script src="/-/static/table.js"></script><script src="/-/static/own.js"></script><script src="/p.js"></script><script>window._data = {"b": 1, "a": [2]};</script>
<style>
.rows-and-columns td:nth-of-type(1):before { content: "id"; }
</style></head><body class="table db-a">
<header><nav><p class="crumbs"><a href="/">home</a> / <a href="/a">a</a></p></nav></header>
<p class="message-info">Done</p>
<section class="content"><div class="page-header"><h1>t <b>x</b></h1></div>
<div style="border:1px">Loose words <p class="export-links own">This <a href="/t.json" rel="nofollow">json</a></p></div>
<form class="core filters" action="/t" method="get"><select name="_sort"><option value="">Sort...</option><option selected>id</option></select>
<label><input type="checkbox" name="d" checked> down</label><button>Go</button></form>
<table class="rows-and-columns"><thead><tr><th scope="col" class="col-id"> id </th></tr></thead>
<tbody><tr data-row="1"><td class="type-pk col-id"><a href="/t/1">1</a>&nbsp;<em>x</em><svg><path/></svg></td></tr></tbody></table>
<pre>a
 b</pre><button type="button" class="count-all">count all</button>
</section><footer class="ft">Powered by <a href="https://datasette.io/">D</a></footer>
<!-- Templates considered: *t.html --></body></html>"##;

#[test]
fn a_page_is_read_into_facts() {
    let facts = extract(PAGE);
    assert_eq!(facts["title"], json!("a: b"));
    assert_eq!(facts["body_class"], json!("table db-a"));
    assert_eq!(facts["crumbs"]["text"], json!("home / a"));
    assert_eq!(facts["messages"], json!(["message-info: Done"]));
    assert_eq!(
        facts["blocks"],
        json!(["h1: t x", "div: Loose words", "p: This json", "form: down"])
    );
    assert_eq!(facts["links"], json!(["json -> /t.json [rel: nofollow]"]));
    assert_eq!(facts["templates"], json!("Templates considered: *t.html"));
    assert_eq!(
        facts["data"].to_string(),
        r#"{"window._data":{"a":[2],"b":1}}"#
    );
    let scripts = [
        r#"<script src="/-/static/table.js">"#,
        r#"<script src="/p.js">"#,
    ];
    assert_eq!(facts["scripts"], json!(scripts));
    assert_eq!(facts["pre"], json!(["a\n b"]));
    assert_eq!(facts["mobile_columns"].as_array().unwrap().len(), 1);
    assert_eq!(facts["footer"]["text"], json!("Powered by D"));
}

#[test]
fn forms_tell_what_they_send() {
    let form = &extract(PAGE)["forms"][0];
    assert_eq!(
        form["tag"],
        json!(r#"<form action="/t" class="core filters" method="get">"#)
    );
    let select = r#"<select name="_sort"> =Sort... | id*"#;
    let checkbox = r#"<input checked="" name="d" type="checkbox">"#;
    assert_eq!(form["fields"], json!([select, checkbox, "<button> Go"]));
}

#[test]
fn cells_are_canonical_and_icons_leave_no_trace() {
    let table = &extract(PAGE)["tables"][0];
    assert_eq!(
        table["head"],
        json!([r#"<th class="col-id" scope="col">id</th>"#])
    );
    let cell = "<td class=\"type-pk col-id\"><a href=\"/t/1\">1</a>\u{a0}<em>x</em></td>";
    assert_eq!(table["rows"], json!([[r#"<tr data-row="1">"#, cell]]));
}

#[test]
fn presentation_leaves_no_trace() {
    let other = PAGE
        .replace(
            "<button>Go",
            "<button aria-haspopup=\"dialog\" style=\"x\">Go",
        )
        .replace("<button type=\"button\" class", "<button class");
    assert_ne!(other, PAGE);
    assert_eq!(extract(PAGE), extract(&other));
}

#[test]
fn a_changed_class_or_word_changes_the_facts() {
    for (from, to) in [
        ("col-id\"> id", "col-x\"> id"),
        ("home", "Home"),
        ("checked", ""),
        ("&nbsp;", " "),
    ] {
        assert_ne!(extract(PAGE), extract(&PAGE.replace(from, to)), "{from}");
    }
}
