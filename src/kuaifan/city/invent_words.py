"""Words that invented names are made of (地名用字): plain words of any town, no town's list."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CITIES = _words("淮州 清淮 澜州 泽阳 澄州 沂阳 云淮 涟州 沛宁 芷州 澧安 淝阳 瀛安 泗宁 漕州 淅宁")
"""Names of no city or county of today; each may have been one once."""

RIVERS = _words("清澜河 白沙河 龙溪河 青川河 玉带河 云梦河 双溪河 沧浪河")
LAKES = _words("明月湖 翠屏湖 白鹭湖 天鹅湖 荷香湖 映月湖 镜湖 雁栖湖 柳叶湖 星河湖")
HILLS = _words("凤凰山 紫云山 翠屏山 卧龙山 玉屏山 狮子山 笔架山 望江山")
DISTRICTS = _words("城中区 云山区 泽湖区 安北区 新港区 河东区 瑞阳区 临江区")
COUNTIES = _words("平沅县 长浦县 永澄县 和溪县")
TOWNS = _words("望河镇 石桥镇 马店镇 双塔镇 柳溪镇 高塘镇 古渡镇 杨集镇 凤台岗镇 白水镇")

CIVIC = _words(
    "建设 胜利 和平 新华 朝阳 光明 友谊 东风 红旗 工农 团结 文化 青年 中兴 民主 劳动 前进 "
    "迎宾 振兴 富强 复兴 长江 黄河 淮海 珠江 泰山 黄山 华山 长城 北京 上海 南京"
)
"""Stems of great streets, the best known first; names of great rivers and cities are customary."""

SCHOLARLY = _words("学府 书香 求知 科技 创新 创业 大学")
INDUSTRIAL = _words("工业 兴业 富民 开元 汇通 机场 物流 钢铁 纺织 化工")
STEM_FIRST = tuple("金银玉锦瑞祥福康安泰和永兴长新明德文仁华春龙凤云天清翠青白紫广通昌宏盛嘉")
STEM_SECOND = tuple("山河湖泉林园桥关宁庆丰达源阳平江溪州城光昌乐泽塔洲陵亭岭浦堤")

LANE_STEMS = _words(
    "柳树 槐花 古井 石桥 鼓楼 书院 染坊 铁匠 油坊 豆腐 米市 菜市 花市 竹竿 灯笼 马厂 盐店 "
    "布行 文庙 城隍 小东门 大井 双井 桂花 梧桐 杏花 桃园 梅园 藕塘 洗马 磨坊 糖坊 酱园 当铺 钱庄 "
    "茶馆 渡口 船厂 码头 粮仓 衙前 府后 学前 牌坊 照壁 仓桥 水巷 白果 皂角 香椿 银杏 石榴 丁香 青石"
)
LANE_ENDS = ("巷", "里", "弄")

ESTATE_FIRST = _words(
    "锦绣 阳光 金色 翠湖 香樟 紫荆 碧水 东方 世纪 盛世 丽景 明珠 御景 幸福 康乐 和谐 百合 玫瑰 "
    "枫林 银河 星海 水岸 滨江 山水 桃源 梧桐 凤凰 华府 学林 书香 天成 祥和 福满 景秀 云顶 北苑 "
    "南苑 东苑 西苑 春晖 绿洲 翡翠 蓝湾 金域 瑞景 嘉和 怡景 鑫海 龙腾 金桂 月桂 海棠 牡丹 望湖"
)
ESTATE_END = _words("花园 新城 家园 华庭 名苑 嘉园 佳苑 雅居 公馆 花苑 豪庭 小镇")
OLD_ESTATE_END = _words("新村 小区 一村 二村 三村 家属院")
WORKS_FIRST = _words(
    "永固 宏达 天工 华丰 东润 利民 金轮 新兴 安顺 五岳 中原 北方 光华 振华 昌盛 同心"
)
WORKS_END = _words(
    "机械厂 纺织厂 食品厂 建材厂 电子厂 化工厂 轴承厂 制药厂 印刷厂 服装厂 物流园 农机厂 "
    "包装厂 木业公司 汽配厂"
)
MALLS = _words(
    "百货大楼 新世纪商厦 金鼎购物中心 天汇广场 万福商城 东方商厦 中央商场 国贸广场 百盛来商厦 "
    "锦江天地 时代广场 悦城购物中心"
)
MARKET_END = _words("农贸市场 菜市场 批发市场 小商品市场")
BANKS = _words("工商银行 农商银行 储蓄银行 惠民银行 兴农银行")
HOTELS = _words("大酒店 宾馆 商务酒店 快捷酒店 招待所")
RESTAURANTS = _words("饭店 面馆 火锅城 酒楼 小吃店 烧烤 牛肉汤馆 饺子馆")
SHOPS = _words("超市 便利店 五金店 药店 手机店 服装店 水果店 理发店")
NIGHT = _words("KTV 网吧 酒吧 洗浴中心 歌舞厅 棋牌室")
SURNAMES = tuple("张王李刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾")
VILLAGE_END = _words("庄 家村 楼 集 湾 圩 岗 店 桥 寨 营 大塘")
SHOP_FIRST = _words(
    "好又来 家家乐 福满楼 老地方 鑫源 聚贤 百姓 大众 金海 喜洋洋 一品 顺心 如意 好运来 天天"
)
DIGITS = "一二三四五六七八九十"


def chinese_number(n: int) -> str:
    """A number from 1 to 999 in Chinese words, as in 第二十三中学."""
    hundreds, rest = divmod(n, 100)
    if hundreds:
        tail = chinese_number(rest) if rest else ""
        # 一百零三, but 一百二十三 and 一百一十三.
        link = "零" if 0 < rest < 10 else ("一" if 10 <= rest < 20 else "")  # noqa: PLR2004
        return f"{DIGITS[hundreds - 1]}百{link}{tail}"
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{DIGITS[tens - 1]}十")
    return head + (DIGITS[ones - 1] if ones else "")
