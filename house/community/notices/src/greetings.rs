//! Greetings for the festivals of the almanac, in the project's own words. They are
//! drafts: a person of the office reads, changes and approves them.

use almanac::Festival;

/// Title and text of a festival's greeting; `{小區}` and `{日期}` are filled in.
pub fn of(festival: Festival) -> (&'static str, &'static str) {
    match festival {
        Festival::NewYear => (
            "元旦快樂",
            "各位鄰居：新的一年開始了。感謝您這一年對{小區}的愛護與包容。願您和家人新年安康，出入平安。假期中客服與值班照常，有事請隨時找我們。",
        ),
        Festival::Laba => (
            "臘八安康",
            "各位鄰居：今日臘八，一碗熱粥，年味漸濃。天氣寒冷，請留意關好樓道窗戶、用電用氣安全，家中長輩多添衣物。{小區}全體同事祝您臘八安康。",
        ),
        Festival::LittleNewYear => (
            "小年吉祥",
            "各位鄰居：小年到了，掃塵迎新。大件舊物請先聯繫客服預約清運，勿堆放樓道，留出安全通道。祝您家中潔淨，歲末順遂。",
        ),
        Festival::NewYearsEve => (
            "除夕團圓",
            "各位鄰居：今夜除夕，願{小區}每扇窗後都有一盞燈、一桌人。燃放煙花請遵守本市規定；出門前請關好水、電、氣。值班人員徹夜在崗，祝您闔家團圓。",
        ),
        Festival::SpringFestival => (
            "恭賀新春",
            "各位鄰居：{日期}是農曆新年初一。{小區}全體同事向您和家人拜年，願您身體康健、日子順心、鄰里和睦。春節期間報修與門崗照常服務，緊急情況請撥打值班電話。",
        ),
        Festival::Lantern => (
            "元宵佳節",
            "各位鄰居：元宵節快樂。月圓燈明，願您與家人團圓。若點燈、放燈，請遠離樓道與車輛；孔明燈易引火災，請勿燃放。",
        ),
        Festival::Women => (
            "婦女節快樂",
            "各位鄰居：今天是三月八日。向{小區}的每一位女性鄰居，以及在物業崗位上的女同事致意：感謝您的擔當與溫柔，願您今日從容，日日自在。",
        ),
        Festival::Arbor => (
            "植樹節：一起照看身邊的綠",
            "各位鄰居：植樹節到了。樓下的每一棵樹都需要照看：請勿在樹上拴繩晾曬，勿在綠地停車。願{小區}年年有新綠。",
        ),
        Festival::Qingming => (
            "清明時節",
            "各位鄰居：清明將至，謹向各家先人致敬。祭掃請用鮮花代替明火，小區內及樓道不焚燒紙錢。外出祭掃路上注意安全，離家前請檢查水電氣。",
        ),
        Festival::Labour => (
            "勞動節快樂",
            "各位鄰居：向每一位勞動者致敬，也向{小區}的保潔、保安、維修、綠化同事道一聲辛苦。假期外出請關好門窗；假期值班照常。",
        ),
        Festival::Youth => (
            "青年節快樂",
            "各位鄰居：五四青年節，祝{小區}的年輕鄰居心懷熱望，腳下有路。歡迎您把想法帶給鄰居：志願服務、運動組隊、技能互助，群裡都等您。",
        ),
        Festival::Mother => (
            "母親節快樂",
            "各位鄰居：今天是母親節。願{小區}每一位母親健康、舒心。若您離家在外，別忘了一通電話；家中長輩若需協助，我們可以上門看看。",
        ),
        Festival::Children => (
            "兒童節快樂",
            "各位鄰居：祝{小區}的小朋友節日快樂。請家長提醒孩子：車庫與車道不是遊戲場，電梯內不打鬧，窗台邊不攀爬。",
        ),
        Festival::Father => (
            "父親節快樂",
            "各位鄰居：今天是父親節。話不多的那個人，也值得被好好說一聲謝謝。祝{小區}的每位父親平安、康健。",
        ),
        Festival::DragonBoat => (
            "端午安康",
            "各位鄰居：{日期}端午，粽葉飄香。時值雨季，請清理陽台排水口，收好窗台雜物；地下車庫防汛物資已備。祝您與家人端午安康。",
        ),
        Festival::Army => (
            "八一致敬",
            "各位鄰居：八一建軍節，向{小區}的現役軍人、退役軍人和軍屬致敬，感謝您與家人的付出。生活上有需要，請告訴客服。",
        ),
        Festival::Qixi => (
            "七夕",
            "各位鄰居：今夕七夕。願有情人長相守，願鄰里之間也多一分體諒。夜間請將音樂調低，讓彼此都有一個安靜的晚上。",
        ),
        Festival::Zhongyuan => (
            "中元節提醒",
            "各位鄰居：中元節將至，慎終追遠。請以鮮花、清茶寄託思念，小區與樓道內不燃明火；確需焚燒請到街道指定地點，並有人看護至熄滅。",
        ),
        Festival::Teacher => (
            "教師節快樂",
            "各位鄰居：教師節快樂。向住在{小區}的老師們致謝：您在學校點亮的燈，也照著這裡的孩子。",
        ),
        Festival::MidAutumn => (
            "中秋快樂",
            "各位鄰居：{日期}中秋，月圓人團圓。祝您和家人中秋快樂。假期值班照常；外出請關好門窗，家中無人時可請鄰居或客服留意。",
        ),
        Festival::National => (
            "國慶節快樂",
            "各位鄰居：國慶節快樂。{小區}假期門崗、報修、保潔照常。遠行前請檢查水、電、氣；歡迎在門崗登記離家日期，我們會多留意您的門前。",
        ),
        Festival::DoubleNinth => (
            "重陽敬老",
            "各位鄰居：重陽節到了，祝{小區}的長輩們福壽安康。家中老人若需代買、測壓、陪同就醫聯絡或加裝扶手，請告訴客服，我們登記後上門。",
        ),
        Festival::FireSafety => (
            "全國消防日：三分鐘查一查",
            "各位鄰居：十一月九日是全國消防日。請花三分鐘查一查：電動車與電池不進樓、樓道不堆物、防火門常閉、家中備一具滅火器。消防通道就是生命通道。",
        ),
        Festival::Dongzhi => (
            "冬至安康",
            "各位鄰居：冬至夜長，一碗熱湯最暖。請留意取暖用電與燃氣通風，家有獨居老人的鄰居請多敲敲門。{小區}全體同事祝您冬至安康。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BODY_CHARS_MAX, TITLE_CHARS_MAX};
    use std::collections::HashSet;

    #[test]
    fn every_festival_has_a_greeting_of_its_own_that_fits() {
        let mut bodies = HashSet::new();
        for festival in Festival::ALL {
            let (title, body) = of(*festival);
            assert!((1..=TITLE_CHARS_MAX).contains(&title.chars().count()));
            assert!(
                (30..=BODY_CHARS_MAX).contains(&body.chars().count()),
                "{title}"
            );
            assert!(bodies.insert(body), "{title} repeats another");
        }
        assert!(bodies.len() >= 24);
    }
}
