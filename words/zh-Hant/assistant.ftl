assistant-title = 助手知識庫
assistant-ask-title = 問一問
assistant-ask-note = 費用、維修、裝修、停車……馬上有答覆
assistant-lead = 業主常問的事，助手照這裡的答覆即時回答；答不上的轉給客服。
assistant-question = 想問什麼？
assistant-question-hint = 一次問一件事，例如「物業費怎麼交」。
assistant-send = 提問
assistant-you-asked = 您問
assistant-empty = 直接問就好
assistant-empty-text = 答覆由物業辦公室撰寫，附來源和日期。遇到危險請直接撥打 119、120 或 110。
assistant-before = 之前問過的
assistant-privacy = 提問只有您和客服看得到，半年後刪除。
assistant-which = 您問的是下面哪一件？
assistant-none = 都不是，請客服回答
assistant-refused = 這個問題沒有現成的答覆。可以交給客服，時間從您第一次提問算起。
assistant-hand = 請客服回答
assistant-handed = 已交給客服，由人來回答；在此之前助手不再插話。
assistant-down = 這不是我要的
assistant-confirmed = { $day } 確認
assistant-call = 撥打 { $number }
assistant-call-duty = 撥打值班電話 { $number }
assistant-urgent-if = 這裡只是提示，還沒有人收到。事情正在發生的話，請立即打電話。
assistant-urgent-now = 正在發生，開緊急工單
assistant-danger-gas = 燃氣洩漏：開窗，關總閥，不要開關任何電器，到室外再打電話。
assistant-danger-fire = 起火冒煙：立即撤離，走樓梯不乘電梯，低身捂住口鼻，提醒鄰居。
assistant-danger-lift = 電梯困人：按轎廂內警鈴，不要扒門，靠牆等候救援。
assistant-danger-hurt = 有人受傷或不適：不要隨意搬動，先打急救電話，派人到大門引路。
assistant-danger-crime = 遇到侵害：先離開到安全的地方，不要對抗，立即報警。
assistant-danger-water = 大量進水：遠離電箱和插座，能關則關總閥，不要進入積水的車庫。
assistant-danger-fall = 有物件墜落或將要墜落：離開下方，攔住別人，不要靠近察看。
assistant-danger-power = 觸電或帶電：不要用手去拉，先斷電；遠離積水和垂落的電線。
assistant-danger-child = 有人走失或被鎖：記下最後見到的地點和衣著，立即報警並通知門崗。
assistant-got-waiting = 等客服回答
assistant-got-danger = 緊急
assistant-got-met = 客服已處理
assistant-got-answer = 已答
assistant-got-nothing = 沒有答覆
assistant-did-down = 記下了，客服會改進這條答覆。
assistant-did-hand = 已交給客服。
assistant-live-owed = { $room } 待繳 { $sum }
assistant-new = 新建答覆
assistant-work = 待處理提問
assistant-figures = 助手成效
assistant-places = 填寫本小區資料
assistant-none-yet = 知識庫還是空的
assistant-none-yet-text = 可以從隨附的物業常見問題開始：兩百多個主題、八千多種問法，填好電話、地址和收費就能用。
assistant-start = 採用隨附的問題庫
assistant-find = 主題或問法
assistant-ready = 發布所有填妥的草稿
assistant-found-none = 沒有符合的答覆。
assistant-next = 下一頁
assistant-open = 還沒有填寫：{ $places }
assistant-preview = 業主看到的樣子
assistant-field-topic = 代號
assistant-field-topic-hint = 小寫字母、數字和連字號，例如 fee-pay；以後不變。
assistant-field-title = 主題
assistant-field-state = 狀態
assistant-field-phrasings = 問法
assistant-field-phrasings-hint = 每行一種。業主怎麼說就怎麼寫，口語也好；不要寫姓名、房號和電話。
assistant-field-changed = 修改
assistant-field-answer = 答覆
assistant-field-answer-hint = 支持 **粗體** 和以「- 」開頭的列表；{ "{" }office_phone{ "}" } 之類由「填寫本小區資料」代入。
assistant-field-whom = 適用對象
assistant-field-buildings = 適用樓棟或分期
assistant-field-buildings-hint = 以空格分隔，例如 3棟 二期；不填即全小區。
assistant-field-live = 附上本人的實時資料
assistant-field-from = 生效日
assistant-field-to = 失效日
assistant-field-source = 依據
assistant-field-source-hint = 依據改變時答覆自動停用，直到有人重新確認。
assistant-field-risk = 緊急事項的答覆（與緊急卡一起顯示）
assistant-save = 保存
assistant-publish = 發布
assistant-confirm = 仍然有效，重新確認
assistant-undo = 恢復這一版
assistant-withdraw = 停用
assistant-state-draft = 草稿
assistant-state-published = 已發布
assistant-state-expired = 待確認
assistant-state-withdrawn = 已停用
assistant-why-source = 依據已改變。
assistant-why-day = 已過失效日。
assistant-whom-all = 所有人
assistant-whom-owner = 業主
assistant-whom-tenant = 租戶
assistant-live-nothing = 不附
assistant-live-fees = 本人的費用
assistant-live-tickets = 本人的工單
assistant-live-hours = 辦公時間
assistant-live-notices = 最近的通知
assistant-source-office = 物業辦公室
assistant-source-notice = 通知
assistant-source-rules = 群規
assistant-did-save = 已保存；發布後生效，原來發布的答覆繼續使用。
assistant-did-undo = 已恢復，成為新的一版；發布後生效。
assistant-did-publish = 已發布。
assistant-did-withdraw = 已停用。
assistant-did-start = 問題庫已採用為草稿；填寫本小區資料後即可發布。
assistant-did-ready = 已發布 { $count } 條。
assistant-did-fill = 已保存，答覆隨即更新。
assistant-did-adopt = 已成為一種問法。
assistant-did-aside = 已處理。
assistant-work-lead = 沒有答上的、答錯的和等人回答的提問，相近的放在一起。
assistant-work-none = 沒有待處理的提問
assistant-work-none-text = 業主問的都有了答覆。
assistant-waits = 等候（{ $time }提問）
assistant-was-down = 業主說不對
assistant-phrasing = 作為問法
assistant-phrasing-hint = 先去掉姓名、房號等個人資料。
assistant-adopt = 歸入「{ $title }」
assistant-aside = 已處理，不再顯示
assistant-figures-lead = 最近 { $days } 天。
assistant-figure-asked = 提問
assistant-figure-answered = 直接答覆
assistant-figure-clarified = 請業主選一件
assistant-figure-refused = 沒有答覆
assistant-figure-danger = 緊急
assistant-figure-handed = 轉客服
assistant-figure-down = 業主說不對
assistant-figure-entries = 已發布答覆
assistant-regression = 發布前的檢查
assistant-hit1 = 第一個答覆就對
assistant-hit1-note = 上次發布時檢查了 { $count } 句；比原來差就不發布
assistant-places-lead = 答覆裡的這些資料每個小區不同。沒有填好的答覆保持草稿，不會對業主說。
assistant-places-none = 沒有需要填寫的資料
assistant-places-none-text = 採用問題庫，或在答覆裡寫上大括號的名稱。
assistant-places-waits = { $count } 條答覆用到
assistant-fault-topic = 代號由小寫字母、數字和連字號組成，最多 40 個字。
assistant-fault-title = 主題有 1 至 40 個字。
assistant-fault-phrasings = 寫 1 至 60 種問法，每種最多 100 個字。
assistant-fault-answer = 答覆有 1 至 2000 個字。
assistant-fault-day = 日期不對，或失效日已過。
assistant-fault-source = 選一則仍然有效的通知。
assistant-fault-fill = 最多 200 個字。
assistant-refused-topic = 這個代號（或這些主題）已經有了。
assistant-refused-many = 太多了；請先停用或合併一些。
assistant-refused-changed = 別人剛改過；請重新打開再改。
assistant-refused-state = 這個狀態不能這樣做。
assistant-refused-open = 先填寫：{ $places }。
assistant-refused-regression = 發布會讓 { $count } 個原本答對的提問失去答覆，已停止。請修改問法後再發布：{ $questions }
assistant-refused-question = 提問有 1 至 { $max } 個字。
assistant-refused-desk = 工單暫時開不出來；緊急時請直接打電話。
assistant-urgent-ticket = 已開緊急工單 { $number }，值班人員會在工單上看到。工單代替不了電話：請先打電話，先保證自己和他人的安全。
assistant-urgent-noted = 已列在客服的待辦最前面，但值班人員不一定正在看：請立即打電話，先保證自己和他人的安全。
assistant-handed-ticket = 已交給客服，工單 { $number }，由人來回答；在此之前助手不再插話。
assistant-often = 常問的事
assistant-source = 依據：
assistant-live-yours = 只給您看的
assistant-live-ticket = { $number } { $title }：{ $state }
assistant-live-no-ticket = 您沒有工單
assistant-live-open = 辦公時間：{ $hours }
assistant-rests-rules = 群規第 { $version } 版
assistant-rests-notice = 通知：{ $title }
assistant-rests-gone = 已撤下的通知
assistant-ahead = 有未發布的新版
assistant-keeper = 維護人：{ $name }
assistant-check-runs = 正在用檢查問句試這一版，過一會兒重新打開就看到結果。
assistant-check-fine = 檢查通過：{ $of } 句檢查問句裡 { $now } 句一次答對，可以放心發布。
assistant-check-stops = 這一版會使一次答對的問句由 { $was } 句降到 { $now } 句（共 { $of } 句），發布會被停止。會失去答覆的問句：
assistant-versions = 版本（{ $count }）
assistant-version = 第 { $version } 版
assistant-field-checks = 檢查用的問句
assistant-field-checks-hint = 每行一句，不參與匹配，只用來檢查發布後是否仍能答對。
assistant-fault-checks = 最多 60 句，每句最多 100 個字。
assistant-fault-buildings = 最多 60 處，每處最多 20 個字。
assistant-name = 助手
assistant-group-more = 這是自動答覆；不合用的話，在「服務」的「問一問」可交給客服。
assistant-group-yours = 您自己的費用和工單只在「服務」的「問一問」給您看。
assistant-group-which = 您問的可能是：{ $topics }。
assistant-group-none = 這個問題沒有現成的答覆；在「服務」的「問一問」可交給客服。
assistant-manner = 助手的行為
assistant-manner-lead = 助手只說管理處發布的答覆。這裡決定它在業主群裡何時開口。
assistant-manner-group = 在業主群裡
assistant-manner-off = 不開口
assistant-manner-called = 有人 @助手 時回答
assistant-manner-called-hint = 客服先回答了，它就不再插話。
assistant-manner-sure = 另外在有把握時主動回答
assistant-manner-sure-hint = 管理處的人十分鐘內說過話，它就不主動開口。
assistant-manner-never = 不論怎麼選：個人的費用、工單從不出現在群裡；已交給客服的業主，助手不再插話；正在發生的險情一律先給緊急卡。
assistant-manner-reword = 用已配置的語言模型改寫語氣
assistant-manner-reword-hint = 只送出答覆原文，不送出提問；改寫若多出數字或連結即棄用；業主可看原文。
assistant-did-manner = 已保存。
assistant-reworded = 文字由語言模型改寫，內容以原文為準
assistant-original = 看原文
assistant-export = 導出
assistant-import = 導入
assistant-import-lead = 每行一條答覆；問法可寫在一格裡用換行分開，也可用相同代號再寫一行。
assistant-import-file = 表格
assistant-import-file-hint = xlsx 或 csv，最大 5 MB；欄目與導出的相同。
assistant-import-look = 先看看
assistant-import-new = 新的
assistant-import-changed = 有改動
assistant-import-same = 沒有改動
assistant-import-faults = 有問題的格子
assistant-import-fault = 第 { $row } 行「{ $column }」：{ $what }
assistant-import-go = 導入 { $count } 條為草稿
assistant-import-nothing = 沒有可以導入的。
assistant-import-again = 改好表格後重新上傳，或只導入沒有問題的。
assistant-did-import = 已導入 { $count } 條；發布後生效。
assistant-refused-file = 這個檔案讀不出來；請用 xlsx 或 csv。
assistant-refused-columns = 表格裡找不到「代號」「問法」「答覆」這幾欄；請從導出的表格開始改。
assistant-fault-unknown = 不在可選的詞裡
assistant-fault-apart = 與上面同一代號的不同
assistant-fault-empty = 沒有填
assistant-back = 不用了，我已經解決
assistant-did-back = 已收回，不再等客服。
assistant-urgent-list = 正在發生，放到客服待辦最前面
assistant-raise = 記為待補的問法
assistant-did-raise = 已放進待處理提問；點一個條目就成為它的問法。
assistant-place = { $place ->
    [accounts_publish] 公共收益和帳目的公示時間
    [aed_place] AED（自動除顫器）的位置
    [bike_place] 非機動車停放區
    [bulky_fee] 大件垃圾上門收運的費用
    [bulky_place] 大件垃圾投放點
    [burning_rule] 祭掃和焚燒的規定
    [card_fee] 門禁卡工本費
    [care_services] 為老人和行動不便者做的事
    [cctv_days] 監控錄像保存天數
    [cleaning_schedule] 保潔頻次
    [collected_utilities] 物業代收的項目
    [committee_contact] 業委會聯繫方式
    [company_name] 物業公司全名
    [complaint_sla] 投訴的答覆時限
    [convenience_list] 前台便民服務
    [delivery_rule] 外賣、快遞進小區的規定
    [deposit_refund_period] 裝修押金退還前的觀察期
    [deposit_renovation] 裝修押金標準
    [developer_contact] 開發商聯繫方式
    [drying_place] 公共晾曬處
    [duty_phone] 夜間和急修值班電話
    [ebike_charge_place] 電動自行車集中充電點
    [elevator_company] 電梯維保單位
    [elevator_use_fee] 裝修使用電梯的收費
    [event_notice_days] 自辦活動提前報備的天數
    [facade_rule] 外立面和封陽台的規定
    [fee_due_date] 物業費繳費截止日
    [fee_rate] 物業費標準
    [free_cards] 每戶免費門禁卡張數
    [fund_query] 維修資金查詢的辦法
    [garbage_collect] 垃圾清運頻次
    [garbage_hours] 垃圾投放時間
    [garbage_place] 垃圾投放點
    [gas_company] 燃氣公司電話
    [goods_elevator] 搬運建材指定的電梯
    [ground_hours] 公共場地使用時段
    [group_seats] 業主群每戶名額
    [hardship_policy] 困難減免的政策
    [key_trust_fee] 代管鑰匙的費用
    [locksmith] 公安備案的開鎖公司
    [manager_day] 經理接待日
    [market_channel] 轉讓和出租信息發在哪裡
    [moving_hours] 搬家時段
    [multi_plate_rule] 一位多車的規定
    [office_hours] 辦公時間
    [office_phone] 辦公電話
    [office_place] 辦公地點
    [online_payment] 線上繳費方式
    [parcel_place] 快遞櫃、驛站位置
    [parking_fee] 車位月租標準
    [parking_grace] 月租到期後的保留期
    [patrol_schedule] 夜間巡邏安排
    [pest_schedule] 消殺計劃
    [pickup_place] 團購提貨點
    [power_company] 供電公司電話
    [prepay_offer] 預繳優惠
    [privacy_contact] 個人信息投訴聯繫人
    [privacy_notice] 隱私說明在哪裡
    [public_charger] 公共充電位的位置
    [public_share_rule] 公攤分攤的辦法
    [quiet_hours] 安靜時段
    [renovation_hours] 允許施工的時間
    [renovation_review_days] 裝修審核的工作日數
    [repair_price_list] 有償維修價目
    [repair_sla] 維修到場時限
    [repair_warranty] 維修質保期
    [reply_sla] 留言答覆時限
    [rights_days] 查閱、更正資料的工作日數
    [second_car_rule] 第二輛車的辦法
    [space_fee] 已購車位管理費
    [steward_list] 樓棟管家名單
    [steward_term] 群管理員任期
    [street_office] 街道辦、居委會電話
    [temp_parking_fee] 臨時停車收費標準
    [tenant_group_rule] 租客入群的辦法
    [vacant_policy] 空置房物業費政策
    [venue_list] 場地和開放時間
    [visitor_parking] 訪客車位的位置
    [waste_fee] 裝修垃圾清運方式和費用
    [waste_site] 裝修垃圾堆放點
    [water_company] 供水公司電話
    [water_tank_schedule] 水箱清洗安排
    [worker_pass_fee] 施工出入證的工本費或押金
   *[other] { $place }
  }
assistant-places-filled = 已填 { $filled }/{ $of }
assistant-places-jump = 跳到
assistant-places-save = 保存全部
assistant-about-office = 管理處和常用電話
assistant-about-fees = 費用
assistant-about-repairs = 報修
assistant-about-renovation = 裝修
assistant-about-access = 門禁和快遞
assistant-about-parking = 停車和充電
assistant-about-safety = 安全
assistant-about-environment = 環境衛生
assistant-about-group = 業主群
assistant-about-archive = 檔案和個人資料
assistant-about-owners = 業主組織和投訴
assistant-about-services = 生活服務
assistant-about-own = 本小區自己加的
