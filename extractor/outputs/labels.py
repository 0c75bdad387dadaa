"""Names of tables, columns and coded values for people, in Vietnamese and English: Excel headers, pages, the terminal."""

TABLE_LABELS: dict[str, str] = {
    "articles": "Bài viết",
    "dates": "Thời gian",
    "officials": "Cán bộ",
    "positions": "Chức vụ",
    "meetings": "Hội họp",
    "participations": "Tham dự",
    "targets": "Chỉ tiêu",
    "anniversaries": "Ngày kỷ niệm",
    "people": "Nhân vật",
    "problems": "Sự cố",
}

COLUMN_LABELS: dict[str, str] = {
    "article_id": "Mã bài",
    "url": "Địa chỉ",
    "source": "Nguồn",
    "title": "Tên",
    "published_at": "Ngày đăng",
    "author": "Tác giả",
    "author_unit": "Đơn vị tác giả",
    "section": "Chuyên mục",
    "text": "Nội dung",
    "fetched_at": "Lúc tải về (UTC)",
    "content_sha256": "Mã nội dung",
    "revision": "Bản",
    "duplicate_of": "Trùng với bài",
    "quote": "Trích nguyên văn",
    "start": "Từ ký tự",
    "end": "Đến ký tự",
    "rule_id": "Quy tắc",
    "rules_version": "Phiên bản quy tắc",
    "date_id": "Mã thời gian",
    "kind": "Loại",
    "value": "Giá trị",
    "start_date": "Từ ngày",
    "end_date": "Đến ngày",
    "granularity": "Độ chi tiết",
    "part_of_day": "Buổi",
    "modifier": "Thời đoạn",
    "calendar": "Lịch",
    "resolved_by": "Căn cứ xác định",
    "weekday_conflict": "Sai thứ trong tuần",
    "official_id": "Mã lượt nhắc",
    "name": "Họ tên",
    "honorific": "Cách gọi",
    "positions": "Các chức vụ",
    "person_id": "Mã nhân vật",
    "position_id": "Mã chức vụ",
    "organisation": "Cơ quan, tổ chức",
    "place": "Địa bàn",
    "level": "Cấp, mức",
    "status": "Trạng thái",
    "as_of": "Tại ngày",
    "meeting_id": "Mã cuộc họp",
    "host": "Đơn vị tổ chức",
    "location": "Địa điểm",
    "participation_id": "Mã tham dự",
    "official": "Người tham dự",
    "role": "Vai trò",
    "target_id": "Mã chỉ tiêu",
    "subject": "Nội dung chỉ tiêu",
    "comparator": "So sánh",
    "value_max": "Giá trị đến",
    "unit": "Đơn vị tính",
    "base_value": "Giá trị quy đổi",
    "base_unit": "Đơn vị quy đổi",
    "deadline": "Thời hạn",
    "owner": "Đơn vị đề ra",
    "anniversary_id": "Mã ngày kỷ niệm",
    "event": "Sự kiện",
    "years": "Số năm",
    "origin_date": "Ngày gốc",
    "anniversary_date": "Ngày kỷ niệm",
    "consistent": "Số năm khớp",
    "next_date": "Lần tới",
    "first_seen": "Nhắc lần đầu",
    "last_seen": "Nhắc lần cuối",
    "n_articles": "Số bài",
    "latest_positions": "Chức vụ gần nhất",
    "stage": "Khâu",
    "code": "Mã lỗi",
    "message": "Thông báo",
    "seen_at": "Lúc gặp (UTC)",
}

_OWN: dict[tuple[str, str], str] = {
    ("articles", "title"): "Tiêu đề",
    ("positions", "title"): "Chức danh",
    ("positions", "level"): "Cấp",
    ("targets", "level"): "Mức cần đạt",
    ("dates", "value"): "Giá trị (ISO)",
    ("problems", "article_id"): "Mã bài",
}
"""Columns whose label depends on their table."""

VALUE_LABELS: dict[str, dict[str, str]] = {
    "kind": {
        "date": "ngày tháng",
        "time": "giờ, buổi",
        "range": "khoảng",
        "conference": "hội nghị",
        "meeting": "họp",
        "session": "kỳ họp, phiên họp",
        "congress": "đại hội",
        "working_session": "buổi làm việc",
        "seminar": "hội thảo, tọa đàm",
        "ceremony": "lễ",
        "voter_meeting": "tiếp xúc cử tri",
        "training": "tập huấn",
        "dialogue": "đối thoại, diễn đàn",
        "gathering": "gặp mặt",
        "quantity": "số lượng",
        "level": "mức, danh hiệu",
    },
    "granularity": {
        "hour": "giờ",
        "part_of_day": "buổi",
        "day": "ngày",
        "week": "tuần",
        "month": "tháng",
        "quarter": "quý",
        "half_year": "nửa năm",
        "year": "năm",
        "decade": "thập niên",
        "range": "khoảng",
    },
    "part_of_day": {"morning": "sáng", "noon": "trưa", "afternoon": "chiều", "evening": "tối", "night": "đêm"},
    "modifier": {"start": "đầu", "mid": "giữa", "end": "cuối"},
    "calendar": {"solar": "dương lịch", "lunar": "âm lịch"},
    "resolved_by": {
        "explicit": "ghi đủ",
        "published_at": "theo ngày đăng",
        "context": "theo ngữ cảnh",
        "unresolved": "chưa rõ",
    },
    "level": {
        "central": "trung ương",
        "province": "tỉnh",
        "district": "huyện",
        "commune": "xã",
        "village": "thôn",
        "other": "khác",
    },
    "status": {
        "current": "đương nhiệm",
        "former": "nguyên",
        "new": "mới",
        "held": "đã tổ chức",
        "planned": "sẽ tổ chức",
        "target": "chỉ tiêu",
        "result": "kết quả",
    },
    "stage": {"input": "đọc tệp", "crawl": "tải trang", "parse": "đọc trang", "extract": "trích xuất"},
    "action": {"confirm": "xác nhận", "correct": "sửa", "reject": "bác bỏ"},
    "role": {"chair": "chủ trì", "speaker": "phát biểu", "attendee": "dự"},
    "comparator": {
        "eq": "bằng",
        "ge": "từ … trở lên",
        "gt": "trên",
        "le": "không quá",
        "lt": "dưới",
        "approx": "khoảng",
        "between": "từ … đến …",
    },
}


_VALUES = {code: label for labels in VALUE_LABELS.values() for code, label in labels.items()}


def table_label(table: str, lang: str = "vi") -> str:
    """A table's name in a language; an unknown one stays as it is."""
    return TABLE_LABELS.get(table, table) if lang == "vi" else table.capitalize()


def column_label(column: str, lang: str = "vi", table: str | None = None) -> str:
    """A column's name in a language; some Vietnamese ones depend on the table, if it is given."""
    if lang != "vi":
        return column.replace("_", " ").capitalize()
    return _OWN.get((table or "", column)) or COLUMN_LABELS.get(column, column)


def value_label(value: str, lang: str = "vi", column: str | None = None) -> str:
    """A coded value's words in a language, e.g. "working_session"; a value that is no code stays as it is.

    Args:
        value: the value.
        lang: "vi" or "en".
        column: its column; without it any column's code is taken.
    """
    known = VALUE_LABELS.get(column, {}) if column else _VALUES
    if value not in known:
        return value
    return known[value] if lang == "vi" else value.replace("_", " ")
