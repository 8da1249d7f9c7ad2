//! `--open`: the page to begin with, in a web browser.

use datasette_web::App;

use crate::output;

/// The path that shows most at once (CLI-131).
pub(crate) fn first_path(app: &App) -> String {
    let catalogue = app.instance.registry.catalogue();
    let mut databases = catalogue.databases();
    let (Some(database), None) = (databases.next(), databases.next()) else {
        return app.urls.instance();
    };
    let mut tables = database.tables().filter(|table| !table.is_view());
    match (tables.next(), tables.next()) {
        (Some(table), None) => app.urls.table(&table),
        _ => app.urls.database(&database),
    }
}

/// Opens a URL without waiting for the browser.
pub(crate) fn open(url: &str) {
    if let Err(error) = open::that_detached(url) {
        output::warn(&format!("no web browser could be opened: {error}"));
    }
}
