//! Real children: good jobs are done, every misdeed is stopped and named. A harness of its own,
//! since this binary is its own child.

mod made;

use std::ffi::OsString;
use std::time::Duration;

use scans::jail::{Answer, Operation, Worker, serve_with};
use scans::{Heavy, Kind, Limits, Look, Refused};

const CHILD: &str = "scans-child";

fn main() {
    if std::env::args().nth(1).as_deref() == Some(CHILD) {
        let done = serve_with(
            std::io::stdin(),
            std::io::stdout(),
            |job, bytes, jail| match &job.operation {
                Operation::Trial(what) => misdeed(what),
                Operation::Facts => Ok(Answer::Facts(jail)),
                Operation::Inspect { name } => {
                    scans::inspect(&bytes, name, &job.limits).map(Answer::Inspected)
                }
                Operation::Render { kind, page, look } => {
                    scans::render(&bytes, *kind, *page, look, &job.limits).map(Answer::File)
                }
                _ => Err(Refused::Unknown),
            },
        );
        std::process::exit(i32::from(done.is_err()));
    }
    let tests: [(&str, fn()); 5] = [
        ("good_jobs_are_done", good_jobs_are_done),
        ("the_child_says_what_holds", the_child_says_what_holds),
        (
            "every_misdeed_is_stopped_and_named",
            every_misdeed_is_stopped_and_named,
        ),
        (
            "a_file_that_kills_its_reader_is_too_heavy",
            a_file_that_kills_its_reader_is_too_heavy,
        ),
        (
            "a_program_that_is_not_there_says_nothing_of_the_file",
            no_program,
        ),
    ];
    for (name, test) in tests {
        test();
        println!("test {name} ... ok");
    }
    println!("test result: ok. {} passed; 0 failed", tests.len());
}

fn worker() -> Worker {
    let own = std::env::current_exe().expect("this binary");
    Worker::new(own, [OsString::from(CHILD)])
}

fn misdeed(what: &str) -> Result<Answer, Refused> {
    match what {
        "socket" => drop(std::net::UdpSocket::bind("127.0.0.1:0")),
        "connect" => drop(std::net::TcpStream::connect("127.0.0.1:9")),
        "write" => drop(std::fs::write("/tmp/scans-jail-test", b"x")),
        "read" => drop(std::fs::read("/etc/passwd")),
        "exec" => drop(std::process::Command::new("/bin/true").status()),
        "thread" => drop(std::thread::Builder::new().spawn(|| ())),
        "memory" => {
            let mut all = Vec::new();
            for _ in 0..32 {
                all.push(std::hint::black_box(vec![1_u8; 64 << 20]));
            }
        }
        "stack" => {
            std::hint::black_box(deep(1));
        }
        "loop" => loop {
            std::hint::black_box(0);
        },
        "panic" => panic!("a bug"),
        "sleep" => std::thread::park(),
        "answer" => return Ok(Answer::File(vec![0; 300 << 20])),
        other => unreachable!("{other}"),
    }
    // It was not stopped: the parent must see this as a failure of the test.
    Err(Refused::Unknown)
}

fn deep(n: u64) -> u64 {
    let held = std::hint::black_box([n; 512]);
    if n == 0 { 0 } else { deep(n + 1) + held[7] }
}

fn trial(worker: &Worker, what: &str) -> Result<Answer, Refused> {
    worker.run(Operation::Trial(what.into()), b"x", &Limits::default())
}

fn every_misdeed_is_stopped_and_named() {
    let table = [
        ("socket", Heavy::Forbidden),
        ("connect", Heavy::Forbidden),
        ("write", Heavy::Forbidden),
        ("read", Heavy::Forbidden),
        ("exec", Heavy::Forbidden),
        ("thread", Heavy::Forbidden),
        ("memory", Heavy::Memory),
        ("stack", Heavy::Memory),
        ("panic", Heavy::Panicked),
    ];
    for (what, why) in table {
        assert_eq!(
            trial(&worker(), what),
            Err(Refused::TooHeavy(why)),
            "{what}"
        );
    }
    assert!(!std::path::Path::new("/tmp/scans-jail-test").exists());
    let quick = Worker {
        wall: Duration::from_millis(700),
        ..worker()
    };
    for what in ["loop", "sleep"] {
        assert_eq!(
            trial(&quick, what),
            Err(Refused::TooHeavy(Heavy::Time)),
            "{what}"
        );
    }
    // Without a wall the processor's time runs out.
    let patient = Worker {
        wall: Duration::from_secs(120),
        ..worker()
    };
    assert_eq!(trial(&patient, "loop"), Err(Refused::TooHeavy(Heavy::Time)));
    assert_eq!(
        trial(&patient, "answer"),
        Err(Refused::TooHeavy(Heavy::Answer))
    );
}

fn good_jobs_are_done() {
    let limits = Limits::default();
    for (bytes, kind, pages) in [
        (made::pdf(3), Kind::Pdf, 3),
        (made::jpeg(), Kind::Jpeg, 1),
        (made::ofd(2), Kind::Ofd, 2),
    ] {
        let inspect = Operation::Inspect { name: "a".into() };
        let Ok(Answer::Inspected(found)) = worker().run(inspect, &bytes, &limits) else {
            panic!("{kind:?} was not read");
        };
        assert_eq!((found.kind, found.pages), (kind, pages));
        let look = Look::default();
        let render = Operation::Render {
            kind,
            page: pages,
            look,
        };
        let drawn = match worker().run(render, &bytes, &limits) {
            Ok(Answer::File(drawn)) => drawn,
            other => panic!("{kind:?} was not drawn: {other:?}"),
        };
        assert_eq!(
            drawn,
            scans::render(&bytes, kind, pages, &look, &limits).expect("drawn here")
        );
    }
    let refused = worker().run(Operation::Inspect { name: "a".into() }, b"", &limits);
    assert_eq!(refused, Err(Refused::Empty));
    // Larger than a pipe's buffer both ways.
    let large = vec![b'x'; 40 << 20];
    let refused = worker().run(Operation::Inspect { name: "a".into() }, &large, &limits);
    assert!(matches!(refused, Err(Refused::Foreign(_))), "{refused:?}");
}

fn the_child_says_what_holds() {
    let jail = worker().facts().expect("a child");
    assert!(
        jail.limits && jail.no_new_privileges && jail.calls && jail.files,
        "{jail:?}"
    );
    assert!(jail.network && jail.processes, "{jail:?}");
}

/// A form that draws itself exhausts the stack of the library that draws; the child dies, the
/// house does not.
fn a_file_that_kills_its_reader_is_too_heavy() {
    let form = made::stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >>",
        b"/F Do",
    );
    let bytes = made::pdf_of(&[
        made::object("<< /Type /Catalog /Pages 2 0 R >>"),
        made::object("<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>"),
        made::object(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 5 0 R /Resources << /XObject << /F 4 0 R >> >> >>",
        ),
        form,
        made::stream("", b"/F Do"),
    ]);
    let limits = Limits::default();
    let render = Operation::Render {
        kind: Kind::Pdf,
        page: 1,
        look: Look::default(),
    };
    let refused = worker().run(render, &bytes, &limits);
    assert!(
        matches!(refused, Err(Refused::TooHeavy(Heavy::Memory | Heavy::Time))),
        "{refused:?}"
    );
}

fn no_program() {
    let none = Worker::new("/nowhere/linli", []);
    assert_eq!(
        trial(&none, "panic"),
        Err(Refused::TooHeavy(Heavy::NotStarted))
    );
}
