"""Plans of other cities, generated: the same seed gives the same folder everywhere.

Each plan is a folder with `plan.toml` and `master.csv`, as an office would keep it.
The texts are those that break layouts: long names, characters outside JIS X 0208,
runs without a place to break, text that looks like a formula or like XML.
"""

import csv
import random
from pathlib import Path

PHRASES = [
    "水産資源増大創造支援事業", "新規農林業就業者数", "移住・定住の促進", "20～39歳の女性の人口",
    "農林漁業の持続的な発展及び担い手対策の推進と若年就業者の定着化促進",
    "商品「根室」のＰＲ、販売先の拡大、新商品の開発、第3回セミナーの開催",
    "4年間で延べ1,500人が参加し、2,800人の交流人口を生む取組み",
    "髙橋﨑山～〜①⑳㉑㊿㎡㎞％", "=SUM(A1:A9)", "+15人の増加", "-5ポイント", "@根室",
    "<事業> & \"引用\" 'x'", "第一\n第二の行", "さけ🐟鮭", "𩸽と𠮷野の漁", "葛\U000E0100飾",
    "。。。。、、、、」」」」", "ＡＢＣＤＥＦＧＨＩＪＫＬＭＮ",
]
# No column is narrower than its longest word: beside these, ten years are refused.
UNBREAKABLE = ["supercalifragilisticexpialidocious", "ーーーーーーーーーーーーーーーー", "１２３４５６７８９０１２３４５人"]
FRAGMENTS = [
    "水産資源の増大を図り、", "支援（助成）を行う。", "「稼げる」仕組み", "0.3ポイント向上", "年間2,800人とし、",
    "髙", "﨑", "～〜", "①㊿", "100㎡", "ー", "サーモン", "ＩＣＴ", "Society 5.0", "・",
]
FIGURES = [
    "", "", "—", "-", "調査中", "2,070人", "55.4%", "延べ49,381人", "174人/日", "146.00億円", "5,457千尾",
    "326.6", "△3.2%", "１２３ 人",
]
TARGETS = [
    "", "4年で54.1%とし0.3ポイント向上", "4年で延べ1,500人増加", "4年で43人減少を抑制し1,665人確保",
    "1.67（現状値）以上の水準維持", "年間延べ60,000人",
]
DEPARTMENTS = ["水産振興課", "農業委員会・農林課", "民間等", "水産加工振興センター"]
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Generator:
    """Writes one plan. Its shape follows from the seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.years = self.random.choice([1, 4, 4, 10])
        self.phrases = PHRASES if self.years == 10 else PHRASES + UNBREAKABLE
        self.rows = []
        self.projects = 0

    def long(self, length):
        parts = self.random.choices(FRAGMENTS, k=6)
        return ("".join(parts) * (length // len("".join(parts)) + 1))[:length]

    def name(self):
        return self.long(120) if self.random.random() < 0.06 else self.random.choice(self.phrases)

    def wording(self, most):
        kind = self.random.random()
        if kind < 0.1:
            return ""
        return self.long(most) if kind < 0.2 else self.name() + self.long(self.random.randrange(80))

    def row(self, kind, ident="", number="", name="", department="", mark="", of="", purpose="", content="",
            target="", figures=()):
        figures = (list(figures) + [""] * 11)[: self.years + 1]
        self.rows.append([kind, ident, number, name, department, mark, of, purpose, content, target, *figures, ""])

    def indicators(self, kind, of, count):
        for at in range(count):
            figures = self.random.choices(FIGURES, k=self.years + 1)
            if kind == "事業量":
                self.row(kind, f"{of}-{at + 1}", name=self.name(), figures=[""] + figures[1:])
            else:
                number = CIRCLED[at] if at < len(CIRCLED) else str(at + 1)
                self.row(kind, f"{of}-K{at + 1}", number, self.name(), target=self.random.choice(TARGETS),
                         figures=figures)

    def measure(self, ident, number):
        self.row("施策", ident, number, self.name())
        self.indicators("KPI", ident, self.random.choice([0, 1, 2, 3, 4, 1, 2, 60]))
        if self.projects and self.random.random() < 0.3:
            self.row("再掲", of="P001", purpose=self.wording(200))
        for _ in range(self.random.randrange(4)):
            self.projects += 1
            project = f"P{self.projects:03}"
            self.row("事業", project, self.random.choice(["1", "37/38", "40～41", "-"]), self.name(),
                     self.random.choice(DEPARTMENTS), self.random.choice(["", "新規"]),
                     purpose=self.wording(600), content=self.wording(100))
            self.indicators("事業量", project, self.random.choice([0, 1, 1, 2, 2, 3, 15]))

    def write(self, folder):
        years = [f"R{at + 3}" for at in range(self.years)]
        head = "種別 ID 番号 名称 担当課 区分 再掲元 目的 内容 目標 基準値".split()
        for goal in range(1, self.random.randrange(1, 6) + 1):
            self.row("基本目標", f"G{goal}", str(goal), self.name())
            self.indicators("数値目標", f"G{goal}", self.random.randrange(4))
            for field in range(self.random.randrange(4)):
                of = f"G{goal}-{'ABC'[field]}"
                self.row("分野", of, "アイウ"[field], self.name())
                for measure in range(self.random.randrange(4)):
                    self.measure(f"{of}-{measure + 1}", CIRCLED[measure])
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "master.csv", "w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head + years + ["備考"], *self.rows])
        order = ", ".join(f'"{department}"' for department in DEPARTMENTS)
        (folder / "plan.toml").write_text(
            '[plan]\nid = "試験"\ncity = "試験市"\noffice = "総合政策室"\nname = "総合戦略"\n'
            f'title = "第２期 総合戦略 実績一覧"\n[document]\nnumber = "資料１"\n[departments]\norder = [{order}]\n',
            encoding="utf-8",
        )


def write(seed, folder):
    """Writes the plan of this seed into the folder."""
    Generator(seed).write(folder)
