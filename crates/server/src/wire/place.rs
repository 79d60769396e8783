//! Which process this is, in a name that a later one can judge: what a dead process had leased is handed back at once
//! when the machine itself says that it is dead.

use std::fs;

/// Whether a process of this number that began at that tick runs on this machine.
type Runs = fn(&str, &str) -> bool;

/// A machine as a process sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Machine {
    /// Its host name.
    host: String,
    /// Changes at every start of the machine.
    boot: String,
    /// The space in which process numbers mean something: a container has its own.
    space: String,
}

/// The name of this process in leases: machine, number, starting tick, and a mark that tells hubs of one process apart.
/// Where the system does not say (it is not Linux), number and mark alone, which nobody can judge later.
pub(super) fn name(mark: &str) -> String {
    let pid = std::process::id().to_string();
    match (Machine::here(), started(&pid)) {
        (Some(Machine { host, boot, space }), Some(tick)) => format!("{host}/{boot}/{space}/{pid}/{tick}/{mark}"),
        _ => format!("hub-{pid}-{mark}"),
    }
}

/// Whether whoever goes by that name in leases is certainly dead. The process that calls itself `own` is about to start:
/// what is leased in its name was leased by one before it.
pub(super) fn is_gone(name: &str, own: &str) -> bool {
    name == own || Machine::here().is_some_and(|here| here.has_lost(name, runs))
}

impl Machine {
    fn here() -> Option<Self> {
        let read = |path: &str| Some(fs::read_to_string(path).ok()?.trim().to_owned()).filter(|text| !text.is_empty());
        let space = fs::read_link("/proc/self/ns/pid").ok()?.to_string_lossy().into_owned();
        let space = space.chars().filter(char::is_ascii_digit).collect();
        let boot = read("/proc/sys/kernel/random/boot_id")?.chars().take(8).collect();
        Some(Self { host: read("/proc/sys/kernel/hostname")?, boot, space })
    }

    /// Whether the process of that name was one of this machine's and runs no more. A process of another machine, or of
    /// another container beside this one, cannot be seen from here: its leases run out by themselves.
    fn has_lost(&self, name: &str, runs: Runs) -> bool {
        let parts: Vec<&str> = name.split('/').collect();
        let [host, boot, space, pid, tick, _] = parts.as_slice() else { return false };
        // A machine of this name that has been started since runs nothing from before.
        *host == self.host && (*boot != self.boot || (*space == self.space && !runs(pid, tick)))
    }
}

fn runs(pid: &str, tick: &str) -> bool {
    started(pid).is_some_and(|found| found == tick)
}

/// The tick since the machine's start at which that process began; `None` when it runs no more.
fn started(pid: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything; what follows is fields by blanks (proc(5)).
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?;
    fields.nth(18).filter(|_| !matches!(state, "Z" | "X")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_process_that_this_machine_can_judge_is_called_dead() {
        let here = Machine { host: "vm".to_owned(), boot: "b2".to_owned(), space: "7".to_owned() };
        let runs: Runs = |pid, tick| (pid, tick) == ("10", "500");
        let table = [
            ("vm/b2/7/10/500/a", false, "it runs"),
            ("vm/b2/7/10/499/a", true, "its number went to another process"),
            ("vm/b2/7/11/500/a", true, "nothing has its number"),
            ("vm/b1/7/10/500/a", true, "the machine was started since"),
            ("vm/b2/8/11/500/a", false, "another container's"),
            ("other/b1/7/11/500/a", false, "another machine's"),
            ("hub-11-a", false, "it says nothing"),
            ("", false, "nobody"),
        ];
        for (name, gone, why) in table {
            assert_eq!(here.has_lost(name, runs), gone, "{name}: {why}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_runs_and_one_that_has_ended_does_not() {
        let own = name("a");
        assert!(!is_gone(&own, "another"), "{own}");
        assert!(is_gone(&own, &own), "a predecessor of this name");
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let pid = child.id().to_string();
        let tick = started(&pid).unwrap();
        let mut parts: Vec<&str> = own.split('/').collect();
        (parts[3], parts[4]) = (&pid, &tick);
        assert!(!is_gone(&parts.join("/"), &own));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_gone(&parts.join("/"), &own));
    }
}
