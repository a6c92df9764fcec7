//! How this phone stands.

shown! {
    /// 本机 – as whom this phone records, and how it stands.
    pub struct State {
        /// Version of the app.
        pub app: String,
        /// As whom it records; `None` before it is enrolled.
        pub who: Option<Who>,
        /// Today in the community's zone.
        pub today: String,
        /// Until when names are shown; `None` before it is enrolled.
        pub lease: Option<LeaseView>,
        /// How much is on its way.
        pub outbox: Outbox,
        /// When the hub last answered; `None` before the first sync.
        pub last_contact: Option<String>,
        /// 请更新 – received records a newer version wrote; they show once the app is updated.
        pub unreadable: u32,
        /// 首字母 – whether names and addresses are found by first letters: the host has a table of readings.
        pub initials: bool,
        /// 练习 – the practice stair, while it is walked: then everything asked is answered from it alone.
        pub practice: Option<Practice>,
    }
}

shown! {
    /// 练习楼道 – six invented doors; nothing of them counts, is kept or is sent.
    pub struct Practice {
        /// Its doors, from below.
        pub lessons: Vec<LessonLine>,
    }
}

shown! {
    /// One door of the practice.
    pub struct LessonLine {
        /// What it is for: `unchanged`, `not-home`, `key`, `moved-in`, `vacant`, `tenant`.
        pub code: String,
        /// Which door.
        pub dwelling: String,
        /// Something was recorded there.
        pub tried: bool,
    }
}

shown! {
    /// 登记 – as whom this phone records.
    pub struct Who {
        /// Name on the worker's card.
        pub worker_name: String,
        /// 社区 – empty before the first sync.
        pub community: String,
        /// 区县, 街道 above it.
        pub above: String,
        /// Where the hub is reached.
        pub hub_url: String,
        /// The enrolment's id.
        pub enrolment: String,
    }
}

shown! {
    /// 租期 – until when names are shown.
    pub struct LeaseView {
        /// How many days it runs.
        pub days: u32,
        /// Names, numbers and categories are locked until the hub answers.
        pub locked: bool,
        /// Days left, when it ends soon.
        pub days_left: Option<u32>,
    }
}

shown! {
    /// How much is on its way.
    pub struct Outbox {
        /// 已存本机,中心未收.
        pub unsent: u32,
        /// 已收到.
        pub accepted: u32,
        /// 待核.
        pub parked: u32,
        /// 退回.
        pub quarantined: u32,
    }
}

shown! {
    /// 已访 / 应访 – a plain count, never a rate of a person.
    pub struct Count {
        /// 已访.
        pub done: u32,
        /// 应访.
        pub due: u32,
    }
}
