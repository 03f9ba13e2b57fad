//! Makes the seeds of the fuzz targets anew: `seeds CORPUS` writes `CORPUS/seeds`.
//!
//! Beside the folder of each target stands a table that says what each seed stands for; a
//! test compares it with what they stand for now.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

use gainsay_fuzzing::{
    Differential, Lifecycle, Seeds, Target, Validate, WastRoundtrip, meanings, seeds,
};

fn main() -> ExitCode {
    let Some(corpus) = env::args_os().nth(1) else {
        eprintln!("usage: seeds CORPUS");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&corpus)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("failed to write the seeds: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(corpus: &Path) -> io::Result<()> {
    for (target, seeds) in seeds(corpus)? {
        let folder = corpus.join("seeds").join(target);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        for (name, bytes) in &seeds {
            fs::write(folder.join(name), bytes)?;
        }
        fs::write(folder.with_extension("tsv"), table(target, &seeds))?;
        let bytes: usize = seeds.values().map(Vec::len).sum();
        println!("{target}: {} seeds, {bytes} bytes", seeds.len());
    }
    Ok(())
}

fn table(target: &str, seeds: &Seeds) -> String {
    match target {
        Differential::NAME => meanings::<Differential>(seeds),
        Lifecycle::NAME => meanings::<Lifecycle>(seeds),
        Validate::NAME => meanings::<Validate>(seeds),
        _ => meanings::<WastRoundtrip>(seeds),
    }
}
