//! What a child gives up before it reads a byte. Each step says whether it held, for the house's
//! doctor: a kernel or a platform may lack one.

use serde::{Deserialize, Serialize};

/// The stack of the thread that works: libraries for PDF recurse.
pub(super) const STACK_BYTES: usize = 64 << 20;

/// The bounds of a child.
#[derive(Clone, Debug)]
pub struct Cage {
    /// Address space beyond what the program has when it starts. A sheet at 600 dpi needs about
    /// 500 MB while it is drawn, being computed in floating point.
    pub memory_bytes: u64,
    /// Seconds of processor time.
    pub cpu_seconds: u64,
}

impl Default for Cage {
    fn default() -> Self {
        Self {
            memory_bytes: 768 << 20,
            cpu_seconds: 10,
        }
    }
}

/// What holds in the child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jail {
    /// Memory, processor time, no core dump, no byte into a file, no further descriptor.
    pub limits: bool,
    /// No program run from here gains rights (`no_new_privs`).
    pub no_new_privileges: bool,
    /// System calls are an allow-list; anything else kills the process (seccomp).
    pub calls: bool,
    /// No file of the machine can be opened: by the allow-list, and where the kernel has it by
    /// Landlock as well.
    pub files: bool,
    /// Landlock holds.
    pub landlock: bool,
    /// There is no network.
    pub network: bool,
    /// No further process or thread can be made.
    pub processes: bool,
}

/// Confines this process for ever, the calling thread's stack and pipes kept.
///
/// To be called before anything of the job is read. It never fails: what it says did not hold
/// is for the house to judge.
#[cfg(target_os = "linux")]
pub fn confine(cage: &Cage) -> Jail {
    use rustix::process::Signal;
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).ok();
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable).ok();
    let no_new_privileges = rustix::thread::set_no_new_privs(true).is_ok();
    let landlock = linux::landlock().is_some();
    let limits = linux::limits(cage).is_some();
    let calls = linux::calls().is_some();
    Jail {
        limits,
        no_new_privileges,
        calls,
        files: calls || landlock,
        landlock,
        network: calls,
        processes: calls,
    }
}

/// Nothing is known to hold here.
#[cfg(not(target_os = "linux"))]
pub fn confine(_: &Cage) -> Jail {
    Jail::default()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetStatus};
    use rustix::process::{Resource, Rlimit, setrlimit};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    use super::Cage;

    /// A rule set without a rule: every path is closed.
    pub fn landlock() -> Option<()> {
        let rules = Ruleset::default()
            .handle_access(AccessFs::from_all(ABI::V5))
            .ok()?;
        let status = rules.create().ok()?.restrict_self().ok()?;
        (status.ruleset != RulesetStatus::NotEnforced).then_some(())
    }

    pub fn limits(cage: &Cage) -> Option<()> {
        // An allocator may have reserved address space that it never touches.
        let pages = std::fs::read_to_string("/proc/self/statm").ok();
        let pages = pages.and_then(|s| s.split(' ').next()?.parse::<u64>().ok());
        let held = pages.unwrap_or(64 << 10) * rustix::param::page_size() as u64;
        let set = |what, most: u64| {
            let both = Rlimit {
                current: Some(most),
                maximum: Some(most),
            };
            setrlimit(what, both).ok()
        };
        let cpu = Rlimit {
            current: Some(cage.cpu_seconds),
            // The second bound kills outright where the first is ignored.
            maximum: Some(cage.cpu_seconds + 1),
        };
        let all = [
            set(Resource::As, held + cage.memory_bytes),
            setrlimit(Resource::Cpu, cpu).ok(),
            set(Resource::Core, 0),
            set(Resource::Fsize, 0),
            set(Resource::Nofile, 0),
            set(Resource::Nproc, 0),
        ];
        all.into_iter().collect::<Option<Vec<()>>>().map(drop)
    }

    /// Reads from the first pipe, writes to the other two, memory, and the way out.
    pub fn calls() -> Option<()> {
        let only = |fds: &[u64]| -> Option<Vec<SeccompRule>> {
            let one = |fd: &u64| {
                let is = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, *fd);
                SeccompRule::new(vec![is.ok()?]).ok()
            };
            fds.iter().map(one).collect()
        };
        let free = [
            libc::SYS_brk,
            libc::SYS_mmap,
            libc::SYS_munmap,
            libc::SYS_mremap,
            libc::SYS_madvise,
            // Allocators of glibc and mimalloc grow by it.
            libc::SYS_mprotect,
            libc::SYS_futex,
            libc::SYS_sched_yield,
            libc::SYS_sched_getaffinity,
            libc::SYS_clock_gettime,
            // Seeds of hash tables.
            libc::SYS_getrandom,
            libc::SYS_gettid,
            libc::SYS_getpid,
            // An abort sends itself a signal, which names the cause to the parent.
            libc::SYS_tgkill,
            libc::SYS_rt_sigaction,
            libc::SYS_rt_sigprocmask,
            libc::SYS_rt_sigreturn,
            libc::SYS_sigaltstack,
            libc::SYS_close,
            libc::SYS_exit,
            libc::SYS_exit_group,
            libc::SYS_restart_syscall,
            libc::SYS_rseq,
            libc::SYS_set_robust_list,
        ];
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            free.into_iter().map(|call| (call, Vec::new())).collect();
        rules.insert(libc::SYS_read, only(&[0])?);
        for call in [libc::SYS_write, libc::SYS_writev] {
            rules.insert(call, only(&[1, 2])?);
        }
        let filter = SeccompFilter::new(
            rules,
            SeccompAction::KillProcess,
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into().ok()?,
        );
        let program: BpfProgram = filter.ok()?.try_into().ok()?;
        seccompiler::apply_filter_all_threads(&program).ok()
    }
}
