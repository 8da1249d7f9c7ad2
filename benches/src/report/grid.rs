//! Text in columns, readable on a screen and as Markdown.

/// Lays out `rows` under `head`; the first column is left-aligned like those in `left`.
///
/// Cells that are missing at the end of a row stay empty.
pub(crate) fn grid(head: &[&str], rows: &[Vec<String>], left: &[usize]) -> String {
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count());
        cells
            .chain([head[column].chars().count(), 3])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let is_left = |column: usize| column == 0 || left.contains(&column);

    let mut text = String::new();
    let mut line = |cell: &dyn Fn(usize) -> String| {
        for (column, width) in widths.iter().enumerate() {
            let cell = cell(column);
            if is_left(column) {
                text.push_str(&format!("| {cell:<width$} "));
            } else {
                text.push_str(&format!("| {cell:>width$} "));
            }
        }
        text.push_str("|\n");
    };
    line(&|column| head[column].to_owned());
    line(&|column| {
        let dashes = "-".repeat(widths[column] - 1);
        if is_left(column) {
            format!("-{dashes}")
        } else {
            format!("{dashes}:")
        }
    });
    for row in rows {
        line(&|column| row.get(column).cloned().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_read_as_markdown() {
        let rows = vec![
            vec!["table".to_owned(), "1,000/s".to_owned(), "met".to_owned()],
            vec!["é".to_owned(), "9".to_owned()],
        ];
        let expected = "\
            | work  |    ours | verdict |\n\
            | ----- | ------: | ------- |\n\
            | table | 1,000/s | met     |\n\
            | é     |       9 |         |\n";
        assert_eq!(grid(&["work", "ours", "verdict"], &rows, &[2]), expected);
    }

    #[test]
    fn a_grid_without_rows_is_its_head() {
        assert_eq!(
            grid(&["a", "b"], &[], &[]),
            "| a   |   b |\n| --- | --: |\n"
        );
    }
}
