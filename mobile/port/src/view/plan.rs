//! 楼栋图 – a building as stairs and floors.

shown! {
    /// One building of the list.
    pub struct BuildingLine {
        /// 小区.
        pub estate: String,
        /// 楼栋.
        pub building: String,
        /// Doors.
        pub doors: u32,
        /// Units still open in the running quarter or month.
        pub open: u32,
    }
}

shown! {
    /// One building, stair by stair.
    pub struct Building {
        /// 小区.
        pub estate: String,
        /// 楼栋.
        pub building: String,
        /// 楼栋长 – whom to ask first.
        pub stewards: Vec<Steward>,
        /// In walking order.
        pub stairs: Vec<Stair>,
    }
}

shown! {
    /// 楼栋长.
    pub struct Steward {
        /// 单元; `None` for the whole building.
        pub stair: Option<String>,
        /// Name.
        pub name: String,
        /// Telephone.
        pub phone: Option<String>,
    }
}

shown! {
    /// 单元.
    pub struct Stair {
        /// Its label; empty where the building has none.
        pub stair: String,
        /// The top floor first, as a building is seen.
        pub floors: Vec<Floor>,
    }
}

shown! {
    /// 楼层.
    pub struct Floor {
        /// Its number; `None` where it is not known.
        pub floor: Option<i16>,
        /// In the order they are walked.
        pub doors: Vec<Door>,
    }
}

shown! {
    /// 户室.
    pub struct Door {
        /// Its id.
        pub dwelling: String,
        /// 户室号.
        pub door: String,
        /// Who lives there, or the empty home itself; none behind a shop or a store room.
        pub homes: Vec<DoorHome>,
        /// `home`, `annex`, `non-residential`, `gone`.
        pub used_as: String,
    }
}

shown! {
    /// One unit behind a door.
    pub struct DoorHome {
        /// Which.
        pub unit: String,
        /// Its members as lists show them.
        pub names: Vec<String>,
        /// 重点户.
        pub key: bool,
        /// How it stands in the running quarter, or the month where that is still open.
        pub state: DoorState,
    }
}

shown! {
    /// How a unit stands.
    pub enum DoorState {
        /// 已访.
        Done,
        /// 核减.
        Deducted,
        /// 未访.
        Due,
        /// 去过未遇.
        Tried,
        /// 已改约.
        Appointment,
        /// 见空一次.
        SeenVacant,
        /// Not due at all.
        #[default]
        NotDue,
    }
}
