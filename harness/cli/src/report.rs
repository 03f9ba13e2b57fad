//! A campaign's summary as text.

use std::collections::BTreeMap;

use gainsay_campaign::{CanaryReport, Finding, Summary, Verdicts};

use crate::table::{Table, count, percent, plural, share};

/// The whole summary.
pub fn summary(summary: &Summary) -> String {
    let rate = if summary.seconds > 0.0 { summary.cases as f64 / summary.seconds } else { 0.0 };
    let mut text = format!(
        "seed {}, shard {}: {} in {:.1} s ({rate:.0}/s){}\n",
        summary.seed,
        summary.shards.join(" "),
        plural(summary.cases, "case"),
        summary.seconds,
        if summary.interrupted { ", interrupted" } else { "" },
    );
    text += &format!(
        "compared      {} ({}), mean module {:.0} bytes\n",
        count(summary.compared),
        percent(summary.useful_rate),
        summary.module_bytes_mean
    );
    text += &format!(
        "calls         {} compared, {} of them returned\n",
        count(summary.calls.compared),
        percent(share(summary.calls.returned, summary.calls.compared))
    );
    text += &verdicts(&summary.verdicts);
    text += &reasons("discarded", &summary.discarded);
    text += &reasons("incidents", &summary.incidents);
    text += &format!("digest        {}\n", summary.digest);
    text += &canary(&summary.canary, summary.canary_caught);
    text.push('\n');
    text += &engines(summary);
    text.push('\n');
    text += &findings(summary);
    text
}

/// Cases per verdict and reason.
pub fn verdicts(verdicts: &Verdicts) -> String {
    format!("agree         {}\ndiverge       {}\n", count(verdicts.agree), count(verdicts.diverge))
        + &reasons("allowed", &verdicts.allowed)
        + &reasons("inconclusive", &verdicts.inconclusive)
}

fn reasons(title: &str, counts: &BTreeMap<String, u64>) -> String {
    if counts.is_empty() {
        return String::new();
    }
    let list: Vec<String> =
        counts.iter().map(|(reason, number)| format!("{reason} {}", count(*number))).collect();
    format!("{title:<13} {}\n", list.join(", "))
}

fn canary(canary: &CanaryReport, caught: bool) -> String {
    let fate = if !canary.wanted {
        "left out".to_owned()
    } else if caught {
        let cases = plural(canary.cases, "case");
        let lines = plural(canary.lines, "line");
        format!("caught after {cases}, minimised to {lines}")
    } else if !canary.finished {
        "not looked for to the end".to_owned()
    } else {
        format!("NOT CAUGHT, so nothing here can be relied on: {}", canary.reason)
    };
    format!("canary        {fate}\n")
}

fn engines(summary: &Summary) -> String {
    let mut table = Table::new(&["engine", "version", "cases", "seconds"]);
    for engine in &summary.engines {
        table.row([
            engine.id.clone(),
            engine.version.clone(),
            count(engine.cases),
            format!("{:.1}", engine.seconds),
        ]);
    }
    table.text()
}

fn findings(summary: &Summary) -> String {
    let mut text = match summary.findings.len() as u64 {
        0 => "no findings".to_owned(),
        number => plural(number, "finding"),
    };
    text += &format!("; everything is in {}\n", summary.out.display());
    for finding in &summary.findings {
        text += &self::finding(summary, finding);
    }
    if let Some(fault) = &summary.fault {
        text += &format!("\nresults could not be kept: {fault}\n");
        for finding in &summary.findings {
            text += &format!("\n;; {}\n{}", finding.signature, finding.text);
        }
    }
    text
}

fn finding(summary: &Summary, finding: &Finding) -> String {
    let size = plural(finding.after.lines, "line");
    let minimised = if finding.minimised { "minimised to" } else { "not minimised:" };
    let file = summary.out.join(&finding.file).display().to_string();
    format!(
        "\n{} × {}: {}\n  signature  {}\n  case       {file} ({minimised} {size}), index {}\n  \
         replay     {}\n",
        finding.kind,
        count(finding.count),
        finding.detail,
        finding.signature,
        finding.index,
        // The campaign says it from its own directory.
        finding.replay.replacen(&finding.file, &file, 1)
    )
}
