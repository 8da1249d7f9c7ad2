//! Values, how often, and in which order.

use datasette_core::RowSink;

use super::*;

fn tally(values: &[Value]) -> Tally {
    let mut tally = Tally::default();
    tally.columns(&["c".to_owned()]);
    for value in values {
        tally.row(&vec![value.clone()]).unwrap();
    }
    tally
}

fn values(values: &[Value], most: usize) -> Option<Vec<(Value, i64)>> {
    tally(values).into_values(most).remove(0)
}

// Proves: FACET-28, FACET-29, FACET-32
#[test]
fn frequent_values_come_first_and_equals_in_their_order() {
    let all = [
        Value::Blob(vec![1]),
        Value::from("b"),
        Value::Real(1.5),
        Value::Null,
        Value::Integer(2),
        Value::from("a"),
        Value::from("b"),
        Value::Integer(1),
        Value::Null,
        Value::Real(f64::INFINITY),
        Value::Real(-1e300),
    ];
    let expected = [
        (Value::from("b"), 2),
        (Value::Real(-1e300), 1),
        (Value::Integer(1), 1),
        (Value::Real(1.5), 1),
        (Value::Integer(2), 1),
        (Value::Real(f64::INFINITY), 1),
        (Value::from("a"), 1),
        (Value::Blob(vec![1]), 1),
    ];
    assert_eq!(values(&all, 99).unwrap(), expected);
    assert_eq!(values(&all, 3).unwrap(), expected[..3]);
    assert_eq!(values(&[], 3).unwrap(), []);
}

#[test]
fn integers_stand_beside_reals_without_rounding() {
    assert_eq!(beside_real(i64::MAX, 9.3e18), Ordering::Less);
    assert_eq!(beside_real(i64::MIN, -1e300), Ordering::Greater);
    assert_eq!(beside_real(0, -0.5), Ordering::Greater);
    assert_eq!(beside_real(0, 0.5), Ordering::Less);
    assert_eq!(beside_real(-1, -0.5), Ordering::Less);
    assert_eq!(beside_real(i64::MAX, f64::INFINITY), Ordering::Less);
    assert_eq!(beside_real(i64::MIN, f64::NEG_INFINITY), Ordering::Greater);
}

#[test]
fn numbers_that_are_equal_in_two_forms_are_left_to_sqlite() {
    assert_eq!(values(&[Value::Integer(1), Value::Real(1.0)], 9), None);
    assert_eq!(values(&[Value::Real(0.0), Value::Real(-0.0)], 9), None);
    assert!(values(&[Value::Real(1.0), Value::Real(2.0)], 9).is_some());
    assert!(values(&[Value::Real(0.5), Value::Integer(2)], 9).is_some());
}

#[test]
fn a_column_with_too_many_values_is_given_up_and_the_others_are_not() {
    let mut tally = Tally::default();
    tally.columns(&["many".to_owned(), "few".to_owned()]);
    for number in 0..=MOST_VALUES as i64 {
        let row = vec![Value::Integer(number), Value::Integer(number % 2)];
        tally.row(&row).unwrap();
    }
    let mut counted = tally.into_values(1);
    assert_eq!(counted.remove(0), None);
    assert_eq!(counted.remove(0).unwrap()[0].0, Value::Integer(0));
}

#[test]
fn a_pass_ends_when_it_would_hold_too_much_or_nothing_is_left_to_count() {
    let mut large = Tally::default();
    large.columns(&["c".to_owned()]);
    let half = |letter: &str| vec![Value::Text(letter.repeat(MOST_BYTES / 2 + 1))];
    assert_eq!(large.row(&half("a")), Ok(()));
    assert_eq!(large.row(&half("b")), Err(SinkClosed));
    assert!(!large.is_within_bounds());

    let mut many = Tally::default();
    many.columns(&["c".to_owned()]);
    let ended = (0..).find(|number| many.row(&vec![Value::Integer(*number)]).is_err());
    assert_eq!(ended, Some(MOST_VALUES as i64 + 1));
}
