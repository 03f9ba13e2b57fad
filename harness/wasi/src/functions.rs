//! All functions of preview 1 (witx, `wasi_snapshot_preview1`).

use gainsay_runtime::{FuncType, ValType};

use crate::call::{Call, Done};
use crate::wasi::Wasi;
use crate::{clock, descriptors, file_io, files, paths, poll, process, sockets, startup};

/// A function of preview 1.
pub(crate) struct Function {
    name: &'static str,
    /// A letter for each parameter: `i` is i32, `l` is i64.
    params: &'static str,
    /// Whether it returns an `$errno`; else it does not return.
    returns: bool,
    pub(crate) run: fn(&Wasi, &mut Call<'_>) -> Done,
}

const fn function(
    name: &'static str,
    params: &'static str,
    run: fn(&Wasi, &mut Call<'_>) -> Done,
) -> Function {
    Function { name, params, returns: true, run }
}

/// In the order of the witx.
pub(crate) const FUNCTIONS: [Function; 46] = [
    function("args_get", "ii", startup::args_get),
    function("args_sizes_get", "ii", startup::args_sizes_get),
    function("environ_get", "ii", startup::environ_get),
    function("environ_sizes_get", "ii", startup::environ_sizes_get),
    function("clock_res_get", "ii", clock::clock_res_get),
    function("clock_time_get", "ili", clock::clock_time_get),
    function("fd_advise", "illi", files::fd_advise),
    function("fd_allocate", "ill", files::fd_allocate),
    function("fd_close", "i", descriptors::fd_close),
    function("fd_datasync", "i", files::fd_datasync),
    function("fd_fdstat_get", "ii", descriptors::fd_fdstat_get),
    function("fd_fdstat_set_flags", "ii", descriptors::fd_fdstat_set_flags),
    function("fd_fdstat_set_rights", "ill", descriptors::fd_fdstat_set_rights),
    function("fd_filestat_get", "ii", files::fd_filestat_get),
    function("fd_filestat_set_size", "il", files::fd_filestat_set_size),
    function("fd_filestat_set_times", "illi", files::fd_filestat_set_times),
    function("fd_pread", "iiili", file_io::fd_pread),
    function("fd_prestat_get", "ii", descriptors::fd_prestat_get),
    function("fd_prestat_dir_name", "iii", descriptors::fd_prestat_dir_name),
    function("fd_pwrite", "iiili", file_io::fd_pwrite),
    function("fd_read", "iiii", file_io::fd_read),
    function("fd_readdir", "iiili", files::fd_readdir),
    function("fd_renumber", "ii", descriptors::fd_renumber),
    function("fd_seek", "ilii", file_io::fd_seek),
    function("fd_sync", "i", files::fd_sync),
    function("fd_tell", "ii", file_io::fd_tell),
    function("fd_write", "iiii", file_io::fd_write),
    function("path_create_directory", "iii", paths::path_create_directory),
    function("path_filestat_get", "iiiii", paths::path_filestat_get),
    function("path_filestat_set_times", "iiiilli", paths::path_filestat_set_times),
    function("path_link", "iiiiiii", paths::path_link),
    function("path_open", "iiiiillii", paths::path_open),
    function("path_readlink", "iiiiii", paths::path_readlink),
    function("path_remove_directory", "iii", paths::path_remove_directory),
    function("path_rename", "iiiiii", paths::path_rename),
    function("path_symlink", "iiiii", paths::path_symlink),
    function("path_unlink_file", "iii", paths::path_unlink_file),
    function("poll_oneoff", "iiii", poll::poll_oneoff),
    Function { name: "proc_exit", params: "i", returns: false, run: process::proc_exit },
    function("proc_raise", "i", process::proc_raise),
    function("sched_yield", "", process::sched_yield),
    function("random_get", "ii", process::random_get),
    function("sock_accept", "iii", sockets::sock_accept),
    function("sock_recv", "iiiiii", sockets::sock_recv),
    function("sock_send", "iiiii", sockets::sock_send),
    function("sock_shutdown", "ii", sockets::sock_shutdown),
];

/// The number of the function of this name and type.
pub(crate) fn number(name: &str, ty: &FuncType) -> Option<u32> {
    let fits = |function: &Function| function.name == name && function.is_of_type(ty);
    FUNCTIONS.iter().position(fits).map(|number| number as u32)
}

impl Function {
    /// Whether success is the result 0, and not to return.
    pub(crate) fn returns(&self) -> bool {
        self.returns
    }

    fn is_of_type(&self, ty: &FuncType) -> bool {
        let params = self.params.bytes().map(|letter| match letter {
            b'i' => ValType::I32,
            _ => ValType::I64,
        });
        let results: &[ValType] = if self.returns { &[ValType::I32] } else { &[] };
        params.eq(ty.params.iter().copied()) && *ty.results == *results
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct() {
        let names: std::collections::BTreeSet<&str> = FUNCTIONS.iter().map(|f| f.name).collect();
        assert_eq!(names.len(), FUNCTIONS.len());
    }

    #[test]
    fn a_function_is_found_by_its_name_and_exact_type() {
        let ty = FuncType { params: [ValType::I32].into(), results: [ValType::I32].into() };
        assert!(number("fd_close", &ty).is_some());
        assert_eq!(number("fd_close", &FuncType::default()), None);
        assert_eq!(number("fd_clos", &ty), None);
        let exit = FuncType { params: [ValType::I32].into(), results: [].into() };
        assert!(number("proc_exit", &exit).is_some());
        assert_eq!(number("proc_exit", &ty), None);
    }
}
