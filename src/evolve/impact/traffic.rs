//! What servers with the old models still ask for while those with the new ones start (U1309).

use super::{Impact, Table, here};
use crate::diagnostic::{Diagnostic, Report, codes};
use crate::settings::Compatible;
use crate::sql;

impl Impact<'_> {
    pub(super) fn traffic(&self, tables: &[Table<'_>], report: &mut Report) {
        if self.settings.compatible != Compatible::Rolling {
            return;
        }
        for table in tables {
            let (was, now) = (sql::table(&self.built.state, &table.old.key), sql::table(self.new, &table.new.key));
            if was != now {
                let what =
                    format!("while servers restart, old code still asks for the table `{was}`, which becomes `{now}`");
                report.add(
                    here(Diagnostic::new(&codes::U1309, what), table.place(), "the new name")
                        .help(format!("keep the table: tag `db_table = {was}`; or rename in a quiet moment")),
                );
            }
            for (was, now) in table.fields.iter().filter(|(was, now)| !was.is_many_to_many() && was.name != now.name) {
                let (column, new) = (sql::column(was), sql::column(now));
                if column != new {
                    let what = format!(
                        "while servers restart, old code still asks for `{column}` of `{}`, which becomes `{new}`",
                        table.new.name
                    );
                    report.add(
                        here(Diagnostic::new(&codes::U1309, what), table.field_place(now), "the new name")
                            .help(format!("keep the column: tag `db_column = {column}`; or rename in a quiet moment")),
                    );
                }
            }
        }
    }
}
