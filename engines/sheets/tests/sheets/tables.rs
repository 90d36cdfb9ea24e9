//! Where the table is and which rows are data.

use rust_xlsxwriter::Format;

use crate::{cautions, faults, people, put, rooms, roster, typed, workbook};

#[test]
fn titles_above_the_heading_are_passed_over() {
    let read = typed(
        "某某花园业主房号登记表,,\n制表日期：2024-1-5,制表人：王女士,\n\n房号,业主,电话\n1-1-101,李女士,13712345678\n",
    );
    assert_eq!(rooms(&read), ["1-1-101"]);
    assert_eq!(read.rows[0].row, 5);
}

#[test]
fn two_rows_of_heading_with_merged_heads_say_whose_a_number_is() {
    let bytes = workbook(|s| {
        let plain = Format::new();
        s.merge_range(0, 0, 0, 6, "2024年業主名冊", &plain).unwrap();
        s.merge_range(1, 0, 2, 0, "房號", &plain).unwrap();
        s.merge_range(1, 1, 1, 2, "業主信息", &plain).unwrap();
        s.merge_range(1, 3, 1, 4, "租戶信息", &plain).unwrap();
        s.merge_range(1, 5, 1, 6, "緊急聯繫人", &plain).unwrap();
        put(
            s,
            2,
            &[&["", "姓名", "電話", "姓名", "電話", "姓名", "電話"]],
        );
        put(
            s,
            3,
            &[&[
                "3-2-1801",
                "王女士",
                "13712345678",
                "李女士",
                "13712345679",
                "張女士",
                "13712345670",
            ]],
        );
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(people(&read, 0), ["王女士", "李女士"]);
    assert_eq!(read.rows[0].people[1].relation, sheets::Relation::Tenant);
    assert_eq!(read.rows[0].people[1].phones, ["13712345679"]);
    let emergency = read.rows[0].emergency.as_ref().expect("it is written");
    assert_eq!(
        (emergency.name.as_deref(), &emergency.phones[0][..]),
        (Some("張女士"), "13712345670")
    );
}

#[test]
fn a_head_that_nobody_merged_stands_over_the_blanks_to_its_right() {
    let read = typed(
        "房号,业主信息,,租户信息,\n,姓名,电话,姓名,电话\n3-2-1801,王女士,13712345678,李女士,13712345679\n",
    );
    assert_eq!(people(&read, 0), ["王女士", "李女士"]);
    assert_eq!(read.rows[0].people[1].phones, ["13712345679"]);
}

#[test]
fn a_merged_block_counts_in_each_row_that_it_covers() {
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[
                &["房号", "面积", "业主"],
                &["", "", "王女士"],
                &["", "", "李女士"],
                &["1-1-102", "80", "张女士"],
            ],
        );
        s.merge_range(1, 0, 2, 0, "1-1-101", &Format::new())
            .unwrap();
        s.merge_range(1, 1, 2, 1, "many", &Format::new()).unwrap();
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(rooms(&read), ["1-1-101", "1-1-101", "1-1-102"]);
    assert_eq!(
        faults(&read),
        [(2, 2, "area_unreadable"), (3, 2, "area_unreadable")]
    );
}

#[test]
fn a_building_written_once_holds_for_the_rows_below_but_a_name_does_not() {
    let read = typed(
        "楼栋,单元,房号,业主,电话\n1栋,1,101,王女士,13712345678\n,,102,,\n,2,101,李女士,\n2栋,,101,张女士,\n",
    );
    assert_eq!(rooms(&read), ["1-1-101", "1-1-102", "1-2-101", "2-101"]);
    assert!(read.rows[1].people.is_empty());
}

#[test]
fn a_section_row_names_the_building_of_the_rows_below() {
    let read = typed(
        "房号,业主,电话\n1栋,,\n101,王女士,13712345678\n十二号楼,,\n101,李女士,13712345679\n",
    );
    assert_eq!(rooms(&read), ["1-101", "12-101"]);
    assert_eq!(cautions(&read), ["section_row", "section_row"]);
}

#[test]
fn hidden_rows_are_read_and_each_run_is_told_once() {
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[
                &["房号", "业主"],
                &["1-1-101", "王女士"],
                &["1-1-102", "李女士"],
                &["1-1-103", "张女士"],
                &["1-1-104", "陈女士"],
            ],
        );
        for row in [2, 3] {
            s.set_row_hidden(row).unwrap();
        }
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(read.rows.len(), 4);
    assert_eq!(read.warnings.len(), 1);
    assert_eq!(
        read.warnings[0].caution,
        sheets::Caution::HiddenRows { first: 3, last: 4 }
    );
}

#[test]
fn totals_remarks_and_repeated_headings_are_left_out() {
    let read = typed(
        "房号,业主,面积\n1-1-101,王女士,80\n1栋小计,,80\n房号,业主,面积\n2-1-101,李女士,90\n合  计,2户,170\n制表：张女士,,审核：\n",
    );
    assert_eq!(rooms(&read), ["1-1-101", "2-1-101"]);
    assert_eq!(
        cautions(&read),
        [
            "total_skipped",
            "header_repeated",
            "total_skipped",
            "footer_skipped"
        ]
    );
    assert!(read.faults.is_empty(), "{:?}", read.faults);
}

#[test]
fn every_sheet_with_a_heading_is_read_and_the_others_are_named() {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, room) in [("1栋", "1-1-101"), ("2栋", "2-1-101")] {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        put(sheet, 0, &[&["房号", "业主"], &[room, "王女士"]]);
    }
    let sheet = book.add_worksheet();
    sheet.set_name("说明").unwrap();
    put(sheet, 0, &[&["请按实填写，不清楚的留空"]]);
    let read = roster(&book.save_to_buffer().unwrap(), "roster.xlsx");
    assert_eq!(rooms(&read), ["1-1-101", "2-1-101"]);
    assert_eq!(cautions(&read), ["sheet_without_table"]);
    assert_eq!(read.warnings[0].sheet, "说明");
}

#[test]
fn full_width_digits_and_trailing_blanks_do_not_matter() {
    let read = typed("房号 ,业主　,电话\n　３－２－１８０１ ,王女士　　,１３７１２３４５６７８ \n");
    assert_eq!(rooms(&read), ["3-2-1801"]);
    assert_eq!(
        (people(&read, 0), &read.rows[0].people[0].phones[..]),
        (vec!["王女士"], &["13712345678".to_owned()][..])
    );
}

#[test]
fn a_row_without_its_room_is_a_fault_and_not_a_guess() {
    let read = typed("房号,业主\n1-1-101,王女士\n,李女士\n车库旁边,张女士\n");
    assert_eq!(rooms(&read), ["1-1-101"]);
    assert_eq!(
        faults(&read),
        [(3, 1, "room_missing"), (4, 1, "room_unreadable")]
    );
}

#[test]
fn a_cell_that_is_too_long_is_a_fault_of_that_cell() {
    let read = typed(&format!(
        "房号,业主,备注\n1-1-101,{},x\n1-1-102,李女士,{}\n",
        "王".repeat(10_001),
        "长".repeat(200)
    ));
    assert_eq!(faults(&read), [(2, 2, "cell_too_long")]);
    assert_eq!(read.rows.len(), 2);
    assert!(read.faults[0].value.chars().count() <= sheets::VALUE_SHOWN_CHARS + 1);
    let read = typed(&format!("房号,业主\n1-1-101,{}\n", "王".repeat(10_000)));
    assert_eq!(faults(&read), [(2, 2, "name_too_long")]);
}

#[test]
fn an_error_of_a_formula_is_a_fault_and_a_cached_value_counts() {
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[
                &["房号", "面积", "业主"],
                &["1-1-101", "", "王女士"],
                &["1-1-102", "", "李女士"],
            ],
        );
        s.write_formula(
            1,
            1,
            rust_xlsxwriter::Formula::new("=40+49.5").set_result("89.5"),
        )
        .unwrap();
        s.write_formula(
            2,
            1,
            rust_xlsxwriter::Formula::new("=VLOOKUP(1,2,3)").set_result("#N/A"),
        )
        .unwrap();
    });
    let read = roster(&bytes, "roster.xlsx");
    assert_eq!(read.rows[0].area, Some(8950));
    assert_eq!(faults(&read), [(3, 2, "formula_error")]);
}

#[test]
fn the_unit_and_room_in_one_column_go_with_the_building_beside_them() {
    let read = typed("楼栋,房号,业主\n3,2-1801,王女士\n3,1-1802,李女士\n");
    assert_eq!(rooms(&read), ["3-2-1801", "3-1-1802"]);
    let read = typed("楼栋,房号,业主\n3,3-1801,王女士\n4,4-1802,李女士\n");
    assert_eq!(rooms(&read), ["3-1801", "4-1802"]);
    let read = typed("楼栋,房号,业主\n3,3-2-1801,王女士\n3,4-2-1801,李女士\n");
    assert_eq!(rooms(&read), ["3-2-1801", "4-2-1801"]);
    assert_eq!(cautions(&read), ["building_twice"]);
}

#[test]
fn a_room_that_excel_made_a_date_of_is_said_to_be_one() {
    let bytes = workbook(|s| {
        put(
            s,
            0,
            &[&["房号", "业主"], &["1-1-101", "王女士"], &["", "李女士"]],
        );
        let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2003, 2, 1).unwrap();
        s.write_with_format(2, 0, &date, &Format::new().set_num_format("yyyy-m-d"))
            .unwrap();
    });
    assert_eq!(
        faults(&roster(&bytes, "roster.xlsx")),
        [(3, 1, "room_became_date")]
    );
}

#[test]
fn a_ditto_mark_takes_the_cell_above_and_says_so() {
    let read = typed("房号,业主,电话\n1-1-101,王女士,13712345678\n1-1-102,同上,同上\n");
    assert_eq!(people(&read, 1), ["王女士"]);
    assert_eq!(cautions(&read), ["ditto_taken", "ditto_taken"]);
}

#[test]
fn a_villa_is_a_room_and_no_section() {
    let read = typed("房号,业主,电话\n1栋,王女士,13712345678\n2栋,,\n3栋,李女士,\n");
    assert_eq!(rooms(&read).len(), 3);
    assert!(cautions(&read).is_empty(), "{:?}", read.warnings);
}
