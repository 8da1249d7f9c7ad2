//! The plugin: cells that hold a colour show it, and a page lists the tables that may be viewed.

use datasette_core::Value;
use datasette_hooks::{
    Answer, CellAnswers, CellBatch, CellContent, CellValue, Context, Data, HookName, HookSet,
    HttpRequest, HttpResponse, MenuItem, Plugin, Route, UrlOf, View,
};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

/// Where the list is, below `base_url`.
const LIST: &str = "/-/my-tables";

/// The plugin. It keeps nothing, so it is nothing but its hooks.
pub(crate) struct Colours;

impl Plugin for Colours {
    fn name(&self) -> &str {
        "colours"
    }

    fn implements(&self) -> HookSet {
        HookSet::of(&[
            HookName::RenderCell,
            HookName::MenuLinks,
            HookName::RegisterRoutes,
        ])
    }

    /// All cells of a page come at once.
    fn render_cell<'a>(
        &'a self,
        context: &'a Context<'a>,
        cells: &'a CellBatch,
    ) -> BoxFuture<'a, Answer<CellAnswers>> {
        async move {
            let (database, table) = (Some(cells.database.as_str()), cells.table.as_deref());
            // `plugins: {colours: {sign: ...}}` of datasette.yaml.
            let config = context
                .host()
                .plugin_config("colours", database, table, true)?;
            let sign = config.as_ref().and_then(|config| config["sign"].as_str());
            let sign = sign.unwrap_or("■");
            let mut answers = CellAnswers::default();
            for (number, row) in cells.rows.iter().enumerate() {
                for (column, value) in row.iter().enumerate() {
                    if let Some(content) = shown(value, sign).filter(|_| cells.wants(column)) {
                        answers.put(number, column, content);
                    }
                }
            }
            Ok(answers)
        }
        .boxed()
    }

    fn menu_links<'a>(&'a self, context: &'a Context<'a>) -> BoxFuture<'a, Answer<Vec<MenuItem>>> {
        async move {
            let url = context.host().url(&UrlOf::Path(LIST.to_owned()))?;
            Ok(vec![MenuItem::new(url, "My tables")])
        }
        .boxed()
    }

    fn register_routes(&self, _context: &Context<'_>) -> Answer<Vec<Route>> {
        Ok(vec![Route::new(format!("{LIST}$"), MyTables)])
    }
}

/// The page with the list.
struct MyTables;

impl View for MyTables {
    fn respond<'a>(
        &'a self,
        context: &'a Context<'a>,
        _request: HttpRequest,
    ) -> BoxFuture<'a, Answer<HttpResponse>> {
        async move {
            // Nobody has asked whether this visitor may see anything: that is up to the page.
            let host = context.host();
            let tables = host
                .allowed_resources(context.actor(), "view-table", None)
                .await?;
            let lines = tables.iter().map(|table| {
                let names = [&table.parent, &table.child].map(|name| name.as_deref().unwrap_or(""));
                format!("{}\n", names.join("/"))
            });
            Ok(HttpResponse::text(lines.collect::<String>()))
        }
        .boxed()
    }
}

/// What a cell shows that holds a colour: a hash and six hexadecimal digits.
fn shown(value: &CellValue, sign: &str) -> Option<CellContent> {
    let CellValue::Plain(Data(Value::Text(colour))) = value else {
        return None;
    };
    let digits = colour.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    // HTML is put into the page as it is; `CellContent::Text` would be escaped.
    let sign = escaped(sign);
    let html = format!("<span style=\"color: {colour}\">{sign}</span> {colour}");
    Some(CellContent::Html(html))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_shown_and_nothing_else_is() {
        let of = |text: &str| shown(&CellValue::from(Value::from(text)), "<");
        let html = "<span style=\"color: #ff8800\">&lt;</span> #ff8800";
        assert_eq!(of("#ff8800"), Some(CellContent::Html(html.to_owned())));
        for other in ["#ff88", "red", "#gggggg", ""] {
            assert_eq!(of(other), None);
        }
    }
}
