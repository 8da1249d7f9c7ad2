//! `million.db`: one long table, `observations`, and the `stations` it refers to.

use rusqlite::{Connection, params};

use super::random::Random;

/// Rows of `observations` in the file that is measured.
pub(crate) const ROWS: u64 = 1_000_000;

const STATIONS: u64 = 300;
const KINDS: [&str; 8] = [
    "rain", "snow", "hail", "fog", "clear", "storm", "dust", "frost",
];
const QUALITIES: [&str; 4] = ["raw", "checked", "corrected", "doubtful"];
const COUNTRIES: [&str; 6] = ["Norway", "Peru", "Kenya", "Japan", "Canada", "France"];
const OBSERVERS: [&str; 10] = [
    "A. Nkemelu",
    "B. Ramírez",
    "C. Østergård",
    "D. Whitlock",
    "E. 田中",
    "F. O'Hara",
    "G. Silva, jr.",
    "H. Krüger",
    "I. \"Ike\" Moore",
    "J. Petit",
];

const SCHEMA: &str = "
create table stations (
    id integer primary key,
    name text not null,
    country text not null
);
create table observations (
    id integer primary key,
    station_id integer not null references stations(id),
    observed_on text not null,
    kind text not null,
    quality text not null,
    sensor integer not null,
    reading integer not null,
    temperature real not null,
    pressure real not null,
    observer text,
    code text not null
);";

/// The text in the indexed column `code` of the row with this id (1 and up).
pub(crate) fn code(id: u64) -> String {
    let number = Random::new(1, id).below(900_000) + 100_000;
    let letter = char::from(b'A' + (id % 26) as u8);
    format!("{letter}{number}-{id}")
}

/// Fills an empty database with `rows` observations.
///
/// # Errors
/// What SQLite says, a full disk above all.
pub(crate) fn fill(connection: &Connection, rows: u64) -> rusqlite::Result<()> {
    connection.execute_batch(SCHEMA)?;
    let mut insert = connection.prepare("insert into stations values (?1, ?2, ?3)")?;
    for id in 1..=STATIONS {
        let country = Random::new(2, id).pick(&COUNTRIES);
        insert.execute(params![id as i64, format!("Station {id:03}"), country])?;
    }
    let mut insert = connection.prepare(
        "insert into observations values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
    )?;
    for id in 1..=rows {
        let mut random = Random::new(3, id);
        let station = 1 + random.below(STATIONS);
        // One decimal, as people write a temperature; the pressure carries all its digits.
        let temperature = (random.unit() * 600.0 - 200.0).round() / 10.0;
        let observer = (random.below(10) != 0).then(|| random.pick(&OBSERVERS));
        insert.execute(params![
            id as i64,
            station as i64,
            random.date(),
            random.pick(&KINDS),
            random.pick(&QUALITIES),
            random.below(32) as i64,
            random.below(1_000_000_000) as i64,
            temperature,
            950.0 + random.unit() * 100.0,
            observer,
            code(id),
        ])?;
    }
    connection.execute_batch("create index observations_code on observations(code)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_there_and_refer_to_stations() {
        let connection = Connection::open_in_memory().unwrap();
        fill(&connection, 500).unwrap();
        let (rows, orphans, last): (i64, i64, String) = connection
            .query_row(
                "select count(*), sum(station_id not in (select id from stations)), max(code) \
                 filter (where id = 500) from observations",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .unwrap();
        assert_eq!((rows, orphans), (500, 0));
        assert_eq!(last, code(500));
    }
}
