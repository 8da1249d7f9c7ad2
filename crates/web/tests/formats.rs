//! One table in every format.

use datasette_testkit::TestSite;

fn numbers(rows: u32) -> String {
    format!(
        "create table n (id integer primary key, square integer, data blob);
         with recursive c(i) as (select 1 union all select i + 1 from c where i < {rows})
         insert into n select i, i * i, case when i = 2 then x'00ff' end from c;"
    )
}

// Proves: CSV-01, CSV-02, CSV-03, CSV-11, CSV-12, CSV-14, CSV-19
#[tokio::test]
async fn csv_is_a_page_or_everything() {
    let site = TestSite::with(&numbers(2500)).await;
    let page = site.get("/data/n.csv?_size=2").await.with_status(200);
    assert_eq!(
        page.text(),
        "id,square,data\r\n1,1,\r\n2,4,http://localhost/data/n/2.blob?_blob_column=data\r\n"
    );
    let all = site.get("/data/n.csv?_stream=on&_col=square").await;
    let lines: Vec<&str> = all.text().lines().collect();
    assert_eq!(lines.len(), 2501);
    assert_eq!(lines.last(), Some(&"2500,6250000"));
    let saved = site.get("/data/n.csv?_dl=1&_size=1").await;
    assert_eq!(
        saved.header("content-disposition"),
        Some("attachment; filename=\"n.csv\"")
    );
    let refused = site
        .get("/data/n.csv?_stream=1&_next=5")
        .await
        .with_status(400);
    assert_eq!(refused.text(), "_next not allowed for CSV streaming");
}

// Proves: CSV-16
#[tokio::test]
async fn an_export_ends_at_its_limit() {
    let site = TestSite::build()
        .database(
            "data",
            "create table big (text text);
             with recursive c(i) as (select 1 union all select i + 1 from c where i < 3000)
             insert into big select printf('%.1000c', 'x') from c;",
        )
        .setting("max_csv_mb", "1")
        .start()
        .await;
    let cut = site.get("/data/big.csv?_stream=on").await.with_status(200);
    assert!(
        cut.text()
            .ends_with("CSV contains more than 1048576 bytes\r\n")
    );
    assert!(cut.body.len() < 1_200_000);
}

// Proves: BLOB-01, BLOB-03
#[tokio::test]
async fn a_blob_is_downloaded_as_it_is() {
    let site = TestSite::with(&numbers(3)).await;
    let blob = site
        .get("/data/n/2.blob?_blob_column=data")
        .await
        .with_status(200);
    assert_eq!(blob.body, [0, 0xff]);
    assert_eq!(blob.header("content-type"), Some("application/binary"));
    assert_eq!(blob.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        blob.header("content-disposition"),
        Some("attachment; filename=\"n-2-data.blob\"")
    );
}

// Proves: PAGE-24, PAGE-03, COUNT-01, COUNT-02
#[tokio::test]
async fn following_next_visits_every_row_once() {
    let site = TestSite::with(&numbers(10_050)).await;
    let mut path = Some("/data/n.json?_size=1000&_shape=arrays&_extra=count".to_owned());
    let mut seen = Vec::new();
    while let Some(here) = path {
        let page = site.get(&here).await.with_status(200).json();
        assert_eq!(page["count"], 10_001);
        assert_eq!(page["count_truncated"], true);
        seen.extend(
            page["rows"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row[0].as_i64().unwrap()),
        );
        path = page["next_url"]
            .as_str()
            .map(|url| url.replace("http://localhost", ""));
    }
    assert_eq!(seen, (1..=10_050).collect::<Vec<i64>>());
}

// Proves: LABEL-01, LABEL-03, LABEL-07, FACET-26, CSV-09
#[tokio::test]
async fn labels_need_the_permission_on_what_they_tell() {
    let sql = "create table city (id integer primary key, name text);
        create table person (id integer primary key, name text, city integer references city(id));
        insert into city values (1, 'Aarhus');
        insert into person values (1, 'Ada', 1), (2, 'Bo', 1);";
    let open = TestSite::with(sql).await;
    let row = &open.get("/data/person.json?_labels=on").await.json()["rows"][0];
    assert_eq!(
        row["city"],
        serde_json::json!({"value": 1, "label": "Aarhus"})
    );
    let csv = open.get("/data/person.csv?_labels=on&_size=1").await;
    assert_eq!(csv.text(), "id,name,city,city_label\r\n1,Ada,1,Aarhus\r\n");
    let config = serde_json::json!({"databases": {"data": {"tables": {"city": {"allow": false}}}}});
    let closed = TestSite::build()
        .database("data", sql)
        .config(config)
        .start()
        .await;
    for path in [
        "/data/person",
        "/data/person.json?_labels=on&_facet=city",
        "/data/person.csv?_labels=on&_stream=1",
        "/data/person/1",
        "/data.json",
        "/data",
        "/-/jump?q=city",
        "/-/schema.json",
    ] {
        let answer = closed.get(path).await.with_status(200);
        assert!(!answer.text().contains("Aarhus"), "{path}");
    }
}
