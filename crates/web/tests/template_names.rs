//! Templates of one database or table, by their names.

use datasette_testkit::TestSite;

// Proves: http-read/TPL-11, cli-config/TPL-07, CTX-103
#[tokio::test]
async fn odd_names_are_spelled_in_letters_and_digits() {
    let sql = "create table [Food Trucks] (id integer primary key, x); insert into [Food Trucks] values (1, 2);";
    let site = TestSite::build()
        .database("my data", sql)
        .template("database-my-data-1291e1.html", "own database")
        .template("table-my-data-1291e1-Food-Trucks-399138.html", "own table")
        .template("row-my-data-1291e1-Food-Trucks-399138.html", "own row")
        .template("query-my-data-1291e1.html", "own query")
        .start()
        .await;
    for (name, class) in [
        ("no-spaces_1", "no-spaces_1"),
        ("no spaces", "no-spaces-7088d7"),
        ("-no-leading-hyphens", "no-leading-hyphens-65bea6"),
        ("_no-leading-underscores", "no-leading-underscores-b921bc"),
        ("-", "336d5e"),
        ("no $ characters", "no--characters-59e024"),
    ] {
        assert_eq!(datasette_render::css_class::css_class(name), class);
    }
    for (path, text) in [
        ("/my+data", "own database"),
        ("/my+data/Food+Trucks", "own table"),
        ("/my+data/Food+Trucks/1", "own row"),
        ("/my+data/-/query?sql=select+1", "own query"),
    ] {
        let page = site.get(path).await.with_status(200);
        assert_eq!(page.text(), text, "{path}");
    }
}
