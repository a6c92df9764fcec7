//! `ruhu user` – accounts of the desk.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{CliError, find};
use crate::access::acts::{By, Change};
use crate::access::{NewAccount, Place, Role};
use crate::storage::Hub;

/// 账号.
#[derive(Debug, Subcommand)]
pub enum User {
    /// 新建账号 / make an account; prints its one-time password.
    Add(Add),
    /// 列出账号 / list the accounts.
    List,
    /// 重置密码并解锁 / a new one-time password; unlocks.
    Reset {
        /// 账号名 / its sign-in name.
        name: String,
    },
    /// 停用账号 / disable an account; its sessions end at once.
    Disable(Act),
    /// 启用账号 / enable it again.
    Enable(Act),
    /// 取消动态口令 / take away the second factor of somebody who lost it.
    TotpReset(Act),
}

/// An act on one account.
#[derive(Debug, Args)]
pub struct Act {
    /// 账号名 / its sign-in name.
    pub name: String,
    /// 事由,记入操作记录 / why; kept in the audit log.
    #[arg(long, default_value = "")]
    pub reason: String,
}

/// A new account.
#[derive(Debug, Args)]
pub struct Add {
    /// 账号名 / what is typed to sign in.
    pub name: String,
    /// 显示名 / what pages show.
    #[arg(long)]
    pub shown: Option<String>,
    /// 角色 / community, street, county, auditor, system-admin or security-admin.
    #[arg(long)]
    pub role: Role,
    /// 社区 / the community of a community lead, when there are several.
    #[arg(long)]
    pub community: Option<String>,
    /// 街道 / the street of a street account.
    #[arg(long)]
    pub street: Option<String>,
    /// 区县 / the county of a street or county account.
    #[arg(long)]
    pub county: Option<String>,
}

pub(super) fn run(command: User, hub: &Hub, out: &mut dyn Write) -> Result<(), CliError> {
    match command {
        User::Add(add) => {
            let place = place(&add, hub)?;
            let shown = add.shown.unwrap_or_else(|| add.name.clone());
            let password = hub.add_account(&NewAccount { name: add.name, shown, role: add.role, place })?;
            tell(out, &password)?;
        }
        User::List => {
            for row in hub.storage().read(|tx| tx.accounts())? {
                let role: Option<Role> = row.role.parse().ok();
                let (totp, state) = (
                    if row.totp { "动态口令 totp" } else { "-" },
                    if row.closed_ms.is_some() { "停用 disabled" } else { "启用 enabled" },
                );
                let role = role.map_or_else(|| row.role.clone(), |role| role.zh().to_owned());
                writeln!(out, "{} {} {role} {} {totp} {state}", row.name, row.shown, row.place)?;
            }
        }
        User::Reset { name } => {
            let password = hub.reset_password(&name)?;
            tell(out, &password)?;
        }
        User::Disable(act) => {
            change(hub, &act, Change::Disable)?;
            writeln!(out, "已停用,登录已退出 / disabled; its sessions have ended")?;
        }
        User::Enable(act) => {
            change(hub, &act, Change::Enable)?;
            writeln!(out, "已启用 / enabled")?;
        }
        User::TotpReset(act) => {
            change(hub, &act, Change::DropTotp)?;
            writeln!(
                out,
                "动态口令已取消;须用的角色下次登录先重新设置 / the second factor is gone; a role that needs one sets it up at the next sign-in"
            )?;
        }
    }
    Ok(())
}

fn change(hub: &Hub, act: &Act, change: Change) -> Result<(), CliError> {
    let id = hub.account_id(&act.name)?;
    hub.change_account(id, change, &By::command_line(&act.reason))?;
    Ok(())
}

fn tell(out: &mut dyn Write, password: &str) -> Result<(), CliError> {
    writeln!(
        out,
        "一次性密码(首次登录须修改)/ one-time password, to be changed at the first sign-in:\n  {password}"
    )?;
    Ok(())
}

fn place(add: &Add, hub: &Hub) -> Result<Place, CliError> {
    let missing = |what: &str| CliError::Usage(format!("此角色须给出 {what} / this role needs {what}"));
    match add.role {
        Role::Community => Ok(Place::Community { id: find::community(hub, add.community.as_deref())?.0 }),
        Role::Street => Ok(Place::Street {
            county: add.county.clone().ok_or_else(|| missing("--county"))?,
            street: add.street.clone().ok_or_else(|| missing("--street"))?,
        }),
        Role::County => Ok(Place::County { county: add.county.clone().ok_or_else(|| missing("--county"))? }),
        Role::Auditor | Role::SystemAdmin | Role::SecurityAdmin => Ok(Place::Hub),
    }
}
