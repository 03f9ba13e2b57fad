//! A campaign's summary as text.

mod lifecycle;
pub mod wast;

use std::collections::BTreeMap;

use gainsay_case::{CaseKind, Proposal};
use gainsay_findings::{CanaryReport, Finding, KnownFinding, ReachTally, Summary, Verdicts};

use crate::table::{Table, count, percent, plural, share};

/// The whole summary.
pub fn summary(summary: &Summary) -> String {
    match summary.kind {
        CaseKind::Modules => modules(summary),
        CaseKind::Sequences => lifecycle::lifecycle(summary),
    }
}

fn modules(summary: &Summary) -> String {
    let rate = if summary.seconds > 0.0 { summary.cases as f64 / summary.seconds } else { 0.0 };
    let mut text = format!(
        "{}: {} in {:.1} s ({rate:.0}/s){}\n",
        parts(summary),
        plural(summary.cases, "case"),
        summary.seconds,
        if summary.interrupted { ", interrupted" } else { "" },
    );
    if summary.stored > 0 {
        text += &format!("stored        {} cases from --from\n", count(summary.stored));
    }
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
    text += &proposals(&summary.proposals);
    text.push('\n');
    text += &findings(summary);
    text
}

/// Which cases it had: the seed and its shards, or each seed with its shard.
fn parts(summary: &Summary) -> String {
    let shards = summary.shards.join(" ");
    // Of several seeds each part is named with its own.
    let is_whole_name = |shard: &String| shard.matches('/').count() > 1;
    match summary.shards.iter().any(is_whole_name) {
        true => format!("seeds and shards {shards}"),
        false => format!("seed {}, shard {shards}", summary.seed),
    }
}

/// Cases per verdict and reason.
pub fn verdicts(verdicts: &Verdicts) -> String {
    let uncompared = match verdicts.no_call_compared {
        0 => String::new(),
        number => format!("no call       {} agree although no call was compared\n", count(number)),
    };
    format!(
        "agree         {}\n{uncompared}diverge       {}\n",
        count(verdicts.agree),
        count(verdicts.diverge)
    ) + &reasons("allowed", &verdicts.allowed)
        + &reasons("inconclusive", &verdicts.inconclusive)
}

/// Counts by reason in one line; nothing if there are none.
pub fn reasons(title: &str, counts: &BTreeMap<String, u64>) -> String {
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
        "search not finished".to_owned()
    } else {
        format!("NOT CAUGHT, so the results cannot be trusted: {}", canary.reason)
    };
    let lost = match canary.lost {
        0 => String::new(),
        number => format!(
            "; {} not run because the worker was killed from outside",
            plural(number, "case")
        ),
    };
    format!("canary        {fate}{lost}\n")
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

/// How far each proposal was reached.
fn proposals(tally: &ReachTally) -> String {
    let heads = ["proposal", "modules", "executed", "on two or more", "engines"];
    let mut table = Table::new(&heads);
    for proposal in Proposal::ALL {
        let reach = tally.0.get(proposal).cloned().unwrap_or_default();
        table.row([
            proposal.name().to_owned(),
            count(reach.modules),
            count(reach.executed),
            count(reach.executed_twice),
            count(reach.engines.len() as u64),
        ]);
    }
    table.text()
}

/// Findings that are described; all are counted and kept.
const FINDINGS_SHOWN_MAX: usize = 20;

fn findings(summary: &Summary) -> String {
    let mut text: String = summary.known.iter().map(known).collect();
    text += &match (summary.findings.len() as u64, summary.known.is_empty()) {
        (0, true) => "no findings".to_owned(),
        (0, false) => "no new findings".to_owned(),
        (number, true) => plural(number, "finding"),
        (number, false) => plural(number, "new finding"),
    };
    text += &format!("; everything is in {}\n", summary.out.display());
    for finding in summary.findings.iter().take(FINDINGS_SHOWN_MAX) {
        text += &self::finding(summary, finding);
    }
    if summary.findings.len() > FINDINGS_SHOWN_MAX {
        let more = plural((summary.findings.len() - FINDINGS_SHOWN_MAX) as u64, "more finding");
        text += &format!("\n{more} in {}\n", summary.out.join("findings").display());
    }
    if let Some(fault) = &summary.fault {
        text += &format!("\nresults could not be kept: {fault}\n");
        for finding in &summary.findings {
            text += &format!("\n;; {}\n{}", finding.signature, finding.text);
        }
    }
    text
}

/// A known bug that was met, in two lines.
fn known(known: &KnownFinding) -> String {
    format!("known bug × {}: {}\n  case       {}\n", count(known.count), known.title, known.file)
}

fn finding(summary: &Summary, finding: &Finding) -> String {
    let size = plural(finding.after.lines, "line");
    let size = match (finding.minimised, &finding.unfinished) {
        (true, _) => format!("minimised to {size}"),
        (false, None) => format!("not minimised: {size}"),
        (false, Some(why)) => format!("not finished: {why}; {size}"),
    };
    let file = summary.out.join(&finding.file).display().to_string();
    let absorbed = match finding.absorbed.len() as u64 {
        0 => String::new(),
        others => format!("\n  and        {}, by the same cause", plural(others, "more signature")),
    };
    format!(
        "\n{} × {}: {}\n  signature  {}{absorbed}\n  case       {file} ({size}), {}\n  \
         replay     {}\n",
        finding.kind,
        count(finding.count),
        finding.detail,
        finding.signature,
        finding.case,
        finding.replay
    )
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use gainsay_findings::{Calls, CaseRef, EngineRun, Fingerprint, GeneratedRef, ProposalReach};
    use gainsay_reduce::CaseSize;

    use super::*;

    fn engine(id: &str, seconds: f64) -> EngineRun {
        let (id, version) = (id.to_owned(), "2.0.0".to_owned());
        EngineRun { id, version, cases: 12_345, seconds }
    }

    fn divergence() -> Finding {
        Finding {
            signature: "trap reference=returned|wasmi-eager=trap:divide_by_zero".to_owned(),
            kind: "trap".to_owned(),
            absorbed: vec!["global reference=global:f64|wasmi-eager=global:f64".to_owned()],
            count: 2,
            file: "findings/trap-82906034.wast".to_owned(),
            case: CaseRef::Generated(GeneratedRef {
                seed: 1,
                index: 950,
                generator: Fingerprint::default(),
            }),
            detail: "trap in step 2; reference: returned; wasmi-eager: trap".to_owned(),
            engines: Vec::new(),
            minimised: true,
            unfinished: None,
            before: CaseSize::default(),
            after: CaseSize { bytes: 89, instructions: 19, steps: 3, lines: 16 },
            replay: "gainsay replay campaign-1/findings/trap-82906034.wast".to_owned(),
            workers: Vec::new(),
            gainsay: "0.1.0".to_owned(),
            commit: None,
            stderr: String::new(),
            text: "(module)\n".to_owned(),
        }
    }

    fn campaign() -> Summary {
        let simd = ProposalReach {
            modules: 4_000,
            executed: 3_000,
            executed_twice: 2_990,
            engines: [("reference".to_owned(), 3_000), ("wasmi-eager".to_owned(), 2_990)].into(),
        };
        Summary {
            seed: 1,
            shards: vec!["1/1".to_owned()],
            cases: 12_345,
            compared: 12_000,
            useful_rate: 0.972,
            seconds: 60.0,
            calls: Calls { compared: 70_000, returned: 49_000 },
            verdicts: Verdicts {
                agree: 11_900,
                no_call_compared: 0,
                diverge: 2,
                allowed: [("nan_payload".to_owned(), 98)].into(),
                inconclusive: [("stack".to_owned(), 300), ("fuel".to_owned(), 45)].into(),
            },
            engines: vec![engine("reference", 1.25), engine("wasmi-eager", 12.0)],
            canary_caught: true,
            canary: CanaryReport { wanted: true, cases: 31, lines: 8, ..CanaryReport::default() },
            digest: "47530c32e04d6e98".to_owned(),
            module_bytes_mean: 561.3,
            proposals: ReachTally([(Proposal::Simd, simd)].into()),
            out: PathBuf::from("campaign-1"),
            ..Summary::default()
        }
    }

    #[test]
    fn a_campaign_without_findings() {
        insta::assert_snapshot!(summary(&campaign()));
    }

    #[test]
    fn a_campaign_with_a_finding() {
        insta::assert_snapshot!(summary(&Summary { findings: vec![divergence()], ..campaign() }));
    }

    #[test]
    fn a_campaign_that_met_known_bugs_names_them() {
        let known = KnownFinding {
            title: "wasmi 2.0.0: `select` ignores its condition".to_owned(),
            file: "corpus/wasmi-2.0.0-select-on-eqz-of-a-local.wast".to_owned(),
            page: "reports/trophies/wasmi-2.0.0-select-on-eqz-of-a-local.md".to_owned(),
            count: 7,
            signatures: Vec::new(),
            case: divergence().case,
        };
        let text = summary(&Summary { known: vec![known], ..campaign() });
        let told = "known bug × 7: wasmi 2.0.0: `select` ignores its condition\n  case       \
                    corpus/wasmi-2.0.0-select-on-eqz-of-a-local.wast\nno new findings; everything";
        assert!(text.contains(told), "{text}");
    }

    #[test]
    fn a_campaign_that_missed_its_canary_says_that_it_proves_nothing() {
        let canary = CanaryReport {
            wanted: true,
            finished: true,
            reason: "never seen".to_owned(),
            ..CanaryReport::default()
        };
        let text = summary(&Summary { canary, canary_caught: false, ..campaign() });
        assert!(text.contains("NOT CAUGHT") && text.contains("never seen"), "{text}");
    }

    #[test]
    fn findings_that_could_not_be_kept_are_printed_whole() {
        let fault = Some("no space left".to_owned());
        let text = summary(&Summary { findings: vec![divergence()], fault, ..campaign() });
        assert!(text.contains("no space left") && text.ends_with("(module)\n"), "{text}");
    }

    #[test]
    fn a_long_list_of_findings_is_cut_short() {
        let text = summary(&Summary { findings: vec![divergence(); 25], ..campaign() });
        assert!(text.ends_with("\n5 more findings in campaign-1/findings\n"), "{text}");
    }
}
