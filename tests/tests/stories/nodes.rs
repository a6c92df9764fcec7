//! Two hubs on one `PostgreSQL`, phones that speak to whichever answers, and one hub that goes away in the middle.

mod on_postgres {
    use std::sync::Arc;

    use rand::SeedableRng;
    use ruhu_server::storage::DatabaseAt;
    use ruhu_server::storage::Hub;
    use ruhu_server::storage::postgres::Server;
    use ruhu_sim::harness::SimPhone;
    use ruhu_tests::cluster::Cluster;
    use ruhu_tests::folder;
    use ruhu_tests::village::{GRIDS, Village};

    /// Syncs with a node that carries one request and is then gone: whether it had answered before it went.
    fn sync_once_through(phone: &mut SimPhone, node: &Hub, answered: bool) {
        let mut asked = false;
        phone.book.sync_now();
        let carried = phone.sync_through(&mut |_, body| {
            if asked {
                return Ok(None);
            }
            asked = true;
            let reply = node.sync(body).map(|synced| synced.reply);
            Ok(reply.ok().filter(|_| answered).map(|reply| (200, reply)))
        });
        carried.unwrap();
    }

    #[test]
    fn phones_alternate_between_two_hubs_one_is_dropped_and_nothing_is_lost() {
        let cluster = Cluster::shared();
        let at: DatabaseAt = cluster.database().parse::<Server>().unwrap().into();
        let village = Village::on(at.clone(), folder::new().unwrap(), 31, 4);
        let clock = Arc::new(village.hub.clock().clone());
        let dice = rand_chacha::ChaCha8Rng::seed_from_u64(32);
        let other = Hub::open(at, clock, Box::new(dice)).unwrap();
        let mut phones: Vec<SimPhone> =
            (1..=GRIDS).map(|grid| village.phone(grid, &format!("phone{grid}"))).collect();
        let mut said = Vec::new();
        let mut other = Some(other);
        for turn in 0..4 {
            for (grid, phone) in (1..=GRIDS).zip(&mut phones) {
                let home = village.homes(grid)[turn];
                said.push(phone.book.save_visit(home.met(), &[]).unwrap().record.unwrap());
                // Every second time the other hub takes the push; in the second round it dies before it can answer.
                match &other {
                    Some(node) if turn % 2 == 1 => sync_once_through(phone, node, turn != 1 || grid != 2),
                    _ => drop(village.sync(phone)),
                }
            }
            if turn == 1 {
                other = None;
            }
        }
        for (grid, phone) in (1..=GRIDS).zip(&mut phones) {
            village.sync(phone);
            village.assert_agrees(phone, grid);
            assert_eq!(village.progress(grid), (4, 5), "grid {grid}");
        }
        for entry in said {
            assert_eq!(village.times_held(entry), 1);
        }
        village.assert_verifies();
    }
}
