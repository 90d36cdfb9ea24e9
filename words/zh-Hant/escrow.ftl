# 檔案庫備用密鑰卡上的字；每張卡中英並列。
escrow-card-title = 檔案庫備用密鑰卡
escrow-card-holder = 保管人
escrow-card-foot = 密鑰卡 第 1 版
escrow-card-1 = 把本卡放入信封，封口處簽名並寫上日期，存入保險箱；五張卡由五人分開保管，不拍照、不複印、不放在同一處。列印後銷毀電腦裡的檔案。
escrow-card-2 = 每季度演練時核對信封是否完好，並由三位保管人執行 linli escrow check；封口破損或卡片遺失即視為洩露，應更換全部密鑰卡：linli escrow cards --force。
escrow-card-3 = 需要開庫時，由三位保管人到場，在不聯網的電腦上執行 linli escrow combine，每人一行，掃碼或逐組輸入 1 至 20 組；抄錯的一組會被指出。
escrow-card-4 = 沒有本軟件時，檔案庫資料夾裡的 verify.py combine 用三張卡得出密鑰，再用 age 打開文件，步驟見同處的說明。
