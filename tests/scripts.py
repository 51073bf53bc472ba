"""Names and hospitals in the scripts of the world, at the greatest length that a card allows."""

# ruff: noqa: E501  # a name is not broken for our sake

from typing import Any

from tests.cast import absent, alex


def _cut(words: str, length: int) -> str:
    """The beginning of these words, exactly this long, its last character a letter."""
    assert len(words) > length, len(words)
    return words[:length] if words[length - 1] != " " else words[: length - 1] + words[length]


# A name and a hospital in each script, longer than a card may hold; no words come twice, because
# readers of text take a line that is printed twice for one.
SCRIPTS = {
    "latin": (
        "Wilhelmina Featherstonehaugh-Cholmondeley Bartholomew Montgomery Fitzgerald Winterbourne",
        "Memorial Rehabilitation Hospital and Regional Centre for Spinal Cord Injuries, Building 7",
    ),
    "vietnamese": (
        "Nguyễn Phước Thị Ánh-Tuyết Hoàng Trần Đặng Khánh Quỳnh Nhữ Bưởi Lượng Cường Thuật Nghiêm",
        "Bệnh viện Phục hồi chức năng Trung ương – Trung tâm Thần kinh Cột sống và Đa chấn thương",
    ),
    "polish": (
        "Świętosława Brzęczyszczykiewicz-Wąż Małgorzata Źdźbło Grzegorzewska Łączyńska Ślązakowa",
        "Samodzielny Publiczny Szpital Kliniczny w Łodzi, Oddział Rehabilitacji Neurologicznej",
    ),
    "greek": (
        "Παναγιώτης Παπαδημητρακόπουλος Κωνσταντίνος Χατζηγεωργίου Αλέξανδρος Ιωαννίδης Μαυρομάτης",
        "Γενικό Νοσοκομείο Θεσσαλονίκης Ιπποκράτειο, Κέντρο Αποκατάστασης Κακώσεων Νωτιαίου Μυελού",
    ),
    "cyrillic": (
        "Александра Всеволодовна Рождественская Екатерина Святославовна Преображенская-Щербакова",
        "Городская клиническая больница имени Склифосовского, отделение травматологии и боли",
    ),
    "capitals": (
        "MAXIMILIANA WORTHINGTON-MCMAHON GWENDOLYN MACKENZIE HAWTHORNE WOLFGANG WAMMERSBACHMANN",
        "UNIVERSITY MEDICAL CENTRE HAMBURG DEPARTMENT OF NEUROMODULATION AND HOMECARE MANAGEMENT",
    ),
    "arabic": (
        "عبد الرحمن محمد الأنصاري بن خالد بن عبد العزيز آل سعود أبو القاسم الشريف الحسيني الهاشمي",
        "مستشفى الملك فيصل التخصصي ومركز الأبحاث في مدينة الرياض قسم جراحة الأعصاب وإعادة التأهيل",
    ),
    "hebrew": (
        "אברהם יצחק בן־דוד הלוי רוזנצוויג שמעון אליעזר גולדשטיין מרדכי זילברמן יהושע פרידלנדר הכהן",
        "המרכז הרפואי האוניברסיטאי על שם חיים שיבא תל השומר המחלקה לשיקום נוירולוגי ולפגיעות חוט",
    ),
    "chinese": (
        "欧阳慕容司马上官诸葛夏侯东方皇甫尉迟公孙轩辕令狐钟离宇文长孙鲜于闾丘司徒司空太史端木申屠公羊"
        "澹台公冶宗政濮阳淳于单于太叔仲孙百里呼延赫连东郭南门独孤万俟梁丘左丘谷梁拓跋夹谷宰父段干",
        "北京大学第一医院康复医学科脊髓损伤治疗中心神经调控门诊住院部七号楼三层东侧病区急诊值班室护士站"
        "重症监护病房国家区域医疗示范基地临床研究协调办公室综合服务处电话接线台昼夜值守",
    ),
    "japanese": (
        "長谷川さくら子高橋みなみ小笠原ひかり山之内ゆうき佐々木あおい武者小路まこと勅使河原りん"
        "五十嵐かえで東海林のぞみ早乙女すみれ二階堂はると伊集院つばさ西園寺なぎさ綾小路ひなた",
        "独立行政法人国立病院機構東京医療センター脳神経外科リハビリテーション科ポンプ外来受付"
        "バクロフェン髄注療法チーム夜間当直室第三病棟ナースステーション緊急連絡窓口責任者",
    ),
    "korean": (
        "남궁민수 황보관우 제갈성렬 선우재덕 독고영재 사공정규 서문탁호 동방신혜 김수한무 거북이와 두루미 삼천갑자 동방삭 치치카포 사리사리센타 워리 세브리깡 무두셀라 구름이",
        "서울대학교병원 재활의학과 신경조절 클리닉 본관 칠층 동쪽 병동 척수손상센터 바클로펜 펌프팀 야간 당직실 응급의료센터 간호사실 중환자실 연구동 통합안내",
    ),
    "hindi": (
        "श्रीमती अर्जुनप्रिया शर्मा त्रिपाठी कृष्णमूर्ति वर्मा सूर्यनारायण चतुर्वेदी ज्ञानेश्वर मिश्रा दुर्गाप्रसाद कीर्तिवर्धन",
        "अखिल भारतीय आयुर्विज्ञान संस्थान तंत्रिका विज्ञान केंद्र पुनर्वास चिकित्सा विभाग कक्ष सात आपातकालीन सेवा",
    ),
    "bengali": (
        "মোহাম্মদ রহমান চট্টোপাধ্যায় শ্রীমতী বন্দ্যোপাধ্যায় কৃষ্ণেন্দু মুখোপাধ্যায় সুব্রত চক্রবর্তী জ্যোতির্ময় গঙ্গোপাধ্যায়",
        "বঙ্গবন্ধু শেখ মুজিব মেডিকেল বিশ্ববিদ্যালয় হাসপাতাল ফিজিক্যাল মেডিসিন ও পুনর্বাসন বিভাগ ঢাকা জরুরি সেবা কেন্দ্র",
    ),
    "thai": (
        "สมเกียรติ พงษ์ไพบูลย์ศักดิ์สิทธิ์ ณ อยุธยา กาญจนาภิเษกวัฒนากุล รัตนโกสินทร์วงศ์สุวรรณ ธนะรัชต์",
        "โรงพยาบาลมหาราชนครเชียงใหม่ คณะแพทยศาสตร์ ภาควิชาเวชศาสตร์ฟื้นฟู หน่วยประสาทศัลยศาสตร์และไขสันหลัง",
    ),
}


def longest(script: str) -> dict[str, Any]:
    """Alex with every essential at its greatest length."""
    name, hospital = SCRIPTS[script]
    return alex(
        {
            "patient.full_name": _cut(name, 80),
            "team.hospital": _cut(hospital, 80),
            "pump.maker": _cut(name, 40),
            "pump.model": _cut(hospital, 40),
            "pump.reservoir_ml": absent,
        }
    )


# Letters as wide as they are high, whose lines end anywhere.
SQUARE = ("chinese", "japanese", "korean")
# The scripts that the family of the prints has itself.
FITTED = ("latin", "vietnamese", "polish", "greek", "cyrillic", "capitals")
