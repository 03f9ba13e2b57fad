//! Error codes of preview 1 (witx, `$errno`).

use std::io;

use rustix::io::Errno as Host;

/// Defines the codes by name, number and, if the host has it, the host's name.
macro_rules! errnos {
    ($($name:ident = $number:literal $(=> $host:ident)?,)*) => {
        /// Why a function failed; success is no error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Errno {
            $($name = $number,)*
        }

        fn translate(host: Host) -> Errno {
            $($(if host == Host::$host {
                return Errno::$name;
            })?)*
            Errno::Io
        }
    };
}

errnos! {
    TooBig = 1 => TOOBIG,
    Acces = 2 => ACCESS,
    AddrInUse = 3 => ADDRINUSE,
    AddrNotAvail = 4 => ADDRNOTAVAIL,
    AfNoSupport = 5 => AFNOSUPPORT,
    Again = 6 => AGAIN,
    Already = 7 => ALREADY,
    BadF = 8 => BADF,
    BadMsg = 9 => BADMSG,
    Busy = 10 => BUSY,
    Canceled = 11 => CANCELED,
    Child = 12 => CHILD,
    ConnAborted = 13 => CONNABORTED,
    ConnRefused = 14 => CONNREFUSED,
    ConnReset = 15 => CONNRESET,
    DeadLk = 16 => DEADLK,
    DestAddrReq = 17 => DESTADDRREQ,
    Dom = 18 => DOM,
    DQuot = 19 => DQUOT,
    Exist = 20 => EXIST,
    Fault = 21 => FAULT,
    FBig = 22 => FBIG,
    HostUnreach = 23 => HOSTUNREACH,
    IdRm = 24 => IDRM,
    IlSeq = 25 => ILSEQ,
    InProgress = 26 => INPROGRESS,
    Intr = 27 => INTR,
    Inval = 28 => INVAL,
    Io = 29 => IO,
    IsConn = 30 => ISCONN,
    IsDir = 31 => ISDIR,
    Loop = 32 => LOOP,
    MFile = 33 => MFILE,
    MLink = 34 => MLINK,
    MsgSize = 35 => MSGSIZE,
    MultiHop = 36 => MULTIHOP,
    NameTooLong = 37 => NAMETOOLONG,
    NetDown = 38 => NETDOWN,
    NetReset = 39 => NETRESET,
    NetUnreach = 40 => NETUNREACH,
    NFile = 41 => NFILE,
    NoBufs = 42 => NOBUFS,
    NoDev = 43 => NODEV,
    NoEnt = 44 => NOENT,
    NoExec = 45 => NOEXEC,
    NoLck = 46 => NOLCK,
    NoLink = 47 => NOLINK,
    NoMem = 48 => NOMEM,
    NoMsg = 49 => NOMSG,
    NoProtoOpt = 50 => NOPROTOOPT,
    NoSpc = 51 => NOSPC,
    NoSys = 52 => NOSYS,
    NotConn = 53 => NOTCONN,
    NotDir = 54 => NOTDIR,
    NotEmpty = 55 => NOTEMPTY,
    NotRecoverable = 56 => NOTRECOVERABLE,
    NotSock = 57 => NOTSOCK,
    NotSup = 58 => NOTSUP,
    NotTy = 59 => NOTTY,
    Nxio = 60 => NXIO,
    Overflow = 61 => OVERFLOW,
    OwnerDead = 62 => OWNERDEAD,
    Perm = 63 => PERM,
    Pipe = 64 => PIPE,
    Proto = 65 => PROTO,
    ProtoNoSupport = 66 => PROTONOSUPPORT,
    ProtoType = 67 => PROTOTYPE,
    Range = 68 => RANGE,
    RoFs = 69 => ROFS,
    SPipe = 70 => SPIPE,
    Srch = 71 => SRCH,
    Stale = 72 => STALE,
    TimedOut = 73 => TIMEDOUT,
    TxtBsy = 74 => TXTBSY,
    XDev = 75 => XDEV,
    NotCapable = 76,
}

impl From<Host> for Errno {
    fn from(host: Host) -> Errno {
        translate(host)
    }
}

impl From<io::Error> for Errno {
    fn from(error: io::Error) -> Errno {
        if let Some(number) = error.raw_os_error() {
            return translate(Host::from_raw_os_error(number));
        }
        match error.kind() {
            // That is how cap-std says that a path leads out of its directory; if the
            // host refuses, there is a number.
            io::ErrorKind::PermissionDenied => Errno::NotCapable,
            io::ErrorKind::InvalidInput => Errno::Inval,
            io::ErrorKind::NotFound => Errno::NoEnt,
            io::ErrorKind::AlreadyExists => Errno::Exist,
            io::ErrorKind::WouldBlock => Errno::Again,
            _ => Errno::Io,
        }
    }
}
