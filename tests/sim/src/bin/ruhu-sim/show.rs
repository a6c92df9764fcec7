//! `ruhu-sim demo` – makes the demo's folder if need be, serves it, and says what to open.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use chrono::{NaiveDate, NaiveTime};
use clap::Args;
use rand::SeedableRng;
use rand::rngs::StdRng;
use ruhu_core::time::{Clock, SystemClock, Zone};
use ruhu_server::ingest::enrol::enrol_url;
use ruhu_server::serve::listen::{Listen, run};
use ruhu_server::storage::Hub;
use ruhu_sim::demo::{self, Card, DemoPlan, ShiftedClock, Step};

/// How to show it.
#[derive(Args)]
pub(crate) struct Demo {
    /// 数据目录;已有则直接启动 / the folder; one that is ready is served as it is.
    #[arg(long, default_value = "demo-data")]
    data: PathBuf,
    /// Everything invented follows from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 户数 / how many households.
    #[arg(long, default_value_t = 2400)]
    households: u32,
    /// 监听地址 / where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// 外勤应用的文件夹 / the built field app, served at /app/.
    #[arg(long, value_name = "FOLDER")]
    app: Option<PathBuf>,
    /// 演示停在哪一天;默认今天 / the day the demo stands at; today when left out.
    #[arg(long)]
    today: Option<NaiveDate>,
    /// 只准备数据,不启动 / make the folder and stop.
    #[arg(long)]
    prepare_only: bool,
}

/// Makes what is missing, serves, and says what to open.
pub(crate) fn demo(args: &Demo, out: &mut dyn Write) -> anyhow::Result<()> {
    let card = match demo::find(&args.data)? {
        Some(card) => {
            writeln!(out, "使用已有的演示数据 {0} / using the demo in {0}", args.data.display())?;
            card
        }
        None => make(args, out)?,
    };
    if args.prepare_only {
        return Ok(());
    }
    serve(args, &card, out)
}

fn make(args: &Demo, out: &mut dyn Write) -> anyhow::Result<Card> {
    let real = SystemClock.read().wall;
    let evening = NaiveTime::from_hms_opt(21, 30, 0).unwrap_or(NaiveTime::MIN);
    let now = args.today.map_or(real, |day| Zone::CHINA.instant(day, evening));
    let plan = DemoPlan {
        data: args.data.clone(),
        seed: args.seed,
        households: args.households,
        now,
        shift_ms: (now - real).num_milliseconds(),
    };
    writeln!(out, "准备演示社区(人物、地址、号码均为虚构)/ making a community; nobody in it is real")?;
    let terminal = std::io::stdout().is_terminal();
    let mut failed = None;
    let card = demo::make(&plan, entropy()?, &mut |step| {
        if let Err(why) = tell(out, step, terminal) {
            failed.get_or_insert(why);
        }
    })?;
    failed.map_or(Ok(card), |why| Err(why.into()))
}

/// A bar that is drawn over itself at a terminal; elsewhere a line a week.
fn tell(out: &mut dyn Write, step: Step, terminal: bool) -> std::io::Result<()> {
    const WIDTH: i64 = 30;
    match step {
        Step::City => writeln!(out, "1/4 社区 / the community …")?,
        Step::Roster { doors, households } => {
            writeln!(
                out,
                "2/4 导入名册:{doors} 户室,{households} 户 / importing {doors} doors, {households} households …"
            )?;
        }
        Step::Phones { count } => {
            writeln!(out, "3/4 {count} 部手机首次下载 / first load of {count} phones …")?
        }
        Step::Day { day, last, done } => {
            let first = ruhu_core::time::Period::quarter_of(day).first_day();
            let (passed, all) = ((day - first).num_days() + 1, (last - first).num_days() + 1);
            if !terminal && passed % 7 != 0 && day != last {
                return Ok(());
            }
            let filled = usize::try_from(passed * WIDTH / all.max(1)).unwrap_or(0);
            let bar = "█".repeat(filled) + &"·".repeat(30usize.saturating_sub(filled));
            let (start, end) =
                if terminal { ("\r", if day == last { "\n" } else { "" }) } else { ("", "\n") };
            write!(
                out,
                "{start}4/4 走访 / visits {bar} {day} 已访 {} / 应访 {}  {end}",
                done.done, done.due
            )?;
        }
    }
    out.flush()
}

fn serve(args: &Demo, card: &Card, out: &mut dyn Write) -> anyhow::Result<()> {
    let randomness = Box::new(StdRng::from_seed(entropy()?));
    let clock = Arc::new(ShiftedClock { real: SystemClock, shift_ms: card.shift_ms });
    let hub = Arc::new(ruhu_server::cli::open(&args.data, clock, randomness)?);
    let url = format!("http://{}", args.listen);
    let remembered = url.clone();
    hub.storage().write(move |tx| tx.set_public_url(&remembered))?;
    hub.refresh_day()?;
    let words = words(&hub, card, &url)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("启动服务 / start the server")?;
    let listen = Listen { address: args.listen, tls: None };
    let opened = move |_| {
        // Nobody reads what a broken pipe did not take; the server goes on.
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{words}").and_then(|()| out.flush());
    };
    let app = ruhu_server::cli::serve::app(Arc::clone(&hub), args.app.as_deref())?;
    runtime.spawn(ruhu_server::serve::midnight::keep(hub));
    runtime.block_on(run(app, &listen, opened))?;
    writeln!(out, "已停止 / stopped")?;
    Ok(())
}

/// What to open and how to log in.
fn words(hub: &Hub, card: &Card, url: &str) -> anyhow::Result<String> {
    let mut words = format!(
        "\n{} {} 走访至 {} / worked up to {}\n\n打开 / open  {url}\n\n",
        card.name, card.period, card.worked_to, card.worked_to
    );
    for login in &card.logins {
        words.push_str(&format!("  {:<8} {}  ({})\n", login.name, login.password, login.role.zh()));
        if let Some(key) = &login.totp {
            // Two are enough to look around; all ten stand in the card.
            let codes: Vec<&str> = login.recovery.iter().map(String::as_str).take(2).collect();
            words.push_str(&format!(
                "           动态口令密钥 / key for an authenticator app  {key}\n           或备用码,各用一次 / or a \
                 recovery code, each once  {}\n",
                codes.join("  ")
            ));
        }
    }
    let community = card.community;
    let file = hub.storage().read(|tx| tx.community(community))?.unwrap_or_default();
    // Beside this program: `./run` builds both.
    let phone = std::env::current_exe()?.with_file_name("ruhu-phone");
    let phone = phone.display();
    if let Some((id, worker)) = file.workers().first_key_value() {
        let code = hub.make_code(community, *id)?;
        words.push_str(&format!(
            "\n命令行手机 / a phone on the command line ({})\n  {phone} --store demo-phone.ruhu enrol '{}'\n  {phone} --store \
             demo-phone.ruhu sync\n  {phone} --store demo-phone.ruhu due\n登记码 24 小时有效,重新启动会换新 / the code holds 24 \
             hours; a restart prints a new one\n",
            worker.name,
            enrol_url(url, &code, hub)
        ));
    }
    words.push_str("\nCtrl+C 停止 / stops");
    Ok(words)
}

fn entropy() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).context("取系统随机数 / read the system's randomness")?;
    Ok(bytes)
}
