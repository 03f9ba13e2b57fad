//! The summary of a campaign over sequences of operations as text.

use std::collections::BTreeMap;

use gainsay_findings::Summary;

use super::{canary, engines, findings, parts, reasons};
use crate::table::{Table, count, plural};

/// How operations end, in the order of the columns.
const ENDINGS: [&str; 10] = [
    "ok",
    "trap",
    "exit",
    "suspended",
    "ended",
    "raced",
    "refused",
    "broken",
    "void",
    "unsupported",
];

/// The engine, the operation, and how it ended.
const COLUMNS: usize = 2 + ENDINGS.len();

/// The whole summary.
pub fn lifecycle(summary: &Summary) -> String {
    let rate = if summary.seconds > 0.0 { summary.cases as f64 / summary.seconds } else { 0.0 };
    let mut text = format!(
        "{}: {} in {:.1} s ({rate:.0}/s){}\n",
        parts(summary),
        plural(summary.cases, "sequence"),
        summary.seconds,
        if summary.interrupted { ", interrupted" } else { "" },
    );
    text += &format!("compared      {}\n", count(summary.compared));
    text += &format!(
        "agree         {}\ndiverge       {}\n",
        count(summary.verdicts.agree),
        count(summary.verdicts.diverge)
    );
    text += &reasons("allowed", &summary.verdicts.allowed);
    text += &reasons("not done", &summary.verdicts.inconclusive);
    text += &reasons("incidents", &summary.incidents);
    text += &format!("digest        {}\n", summary.digest);
    text += &canary(&summary.canary, summary.canary_caught);
    text.push('\n');
    text += &engines(summary);
    text.push('\n');
    text += &operations(&summary.reach);
    text.push('\n');
    text + &findings(summary)
}

/// How often each operation ended how on each backend.
fn operations(reach: &BTreeMap<String, u64>) -> String {
    let heads: Vec<&str> = ["engine", "operation"].into_iter().chain(ENDINGS).collect();
    let mut table = Table::new(&heads);
    let mut rows: BTreeMap<(&str, &str), BTreeMap<&str, u64>> = BTreeMap::new();
    for (name, number) in reach {
        let mut words = name.splitn(3, ' ');
        if let (Some(engine), Some(operation), Some(ending)) =
            (words.next(), words.next(), words.next())
        {
            rows.entry((engine, operation)).or_default().insert(ending, *number);
        }
    }
    for ((engine, operation), endings) in rows {
        let number = |ending: &str| endings.get(ending).copied().map(count).unwrap_or_default();
        let names = [engine.to_owned(), operation.to_owned()];
        let mut cells = names.into_iter().chain(ENDINGS.map(number));
        table.row::<COLUMNS>(std::array::from_fn(|_| cells.next().unwrap_or_default()));
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_counted_by_engine_and_ending() {
        let reach = [("wasmi-eager bump ok", 5), ("wasmi-eager bump refused", 2)];
        let reach = reach.map(|(name, number)| (name.to_owned(), number)).into();
        let text = operations(&reach);
        let last: Vec<&str> = text.lines().last().unwrap_or_default().split_whitespace().collect();
        assert_eq!(last, ["wasmi-eager", "bump", "5", "2"]);
    }
}
