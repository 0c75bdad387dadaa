import pytest

from extractor import Dataset
from extractor.engine import run

ARTICLE = """Xã Nậm Khòa tổng kết phong trào thi đua

Sáng ngày 12/1/2022, UBND xã Nậm Khòa tổ chức hội nghị tổng kết phong trào thi đua năm 2021. Đồng chí Vàng Seo Pao, \
Chủ tịch UBND xã chủ trì hội nghị.

Năm 2022, xã phấn đấu trồng mới ít nhất 40 ha chè; 95% hộ gia đình đạt danh hiệu gia đình văn hóa.

Giàng Mỷ (Trung tâm Văn hóa huyện)
"""


@pytest.fixture(scope="session")
def dataset(tmp_path_factory):
    """The dataset of one small article, run through the whole pipeline."""
    folder = tmp_path_factory.mktemp("dataset")
    source = folder / "nam-khoa.txt"
    source.write_text(ARTICLE, encoding="utf-8")
    run([source], folder / "data", published="2022-01-13")
    return Dataset(folder / "data")
