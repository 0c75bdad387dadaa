"""The general parser on layouts in the manner of many portals: none has a profile, each writes its page in its own way.

`ARTICLES` holds (page, title, day, paragraphs); `OTHERS` pages that are no articles. A new kind of portal is a line here.
"""

from collections import Counter

import pytest

from extractor.crawl.parse import parse_html
from extractor.errors import ParseError
from extractor.text import fold_tones

TEXT = [
    "Sáng ngày 12/8, Đảng ủy xã Bản Lầu tổ chức hội nghị sơ kết hai tháng vận hành mô hình chính quyền địa phương hai cấp.",
    "Dự hội nghị có đồng chí Vàng Seo Páo, Bí thư Đảng ủy xã; các đồng chí trong Ban Thường vụ, Ban Chấp hành Đảng bộ xã.",
    "Báo cáo tại hội nghị nêu rõ, trong hai tháng qua bộ phận một cửa đã tiếp nhận 1.254 hồ sơ, giải quyết đúng hạn 99,2%.",
    "Tuy nhiên, việc số hóa hồ sơ còn chậm, trang thiết bị ở một số phòng chưa đáp ứng yêu cầu công việc.",
    "Phát biểu kết luận, Bí thư Đảng ủy xã yêu cầu đến hết quý IV năm 2025 phải hoàn thành số hóa 100% hồ sơ còn hiệu lực.",
]
NOTICE = [
    "Ủy ban nhân dân xã thông báo lịch tiếp công dân định kỳ tháng 9 năm 2025 của Chủ tịch UBND xã tại trụ sở.",
    "Thời gian: từ 7 giờ 30 phút ngày 15 và 25 hằng tháng.",
]
TITLE = "Xã Bản Lầu sơ kết hai tháng vận hành chính quyền hai cấp"
CAPTION = "Quang cảnh hội nghị"
LINKS = "".join(
    f'<li><a href="/bai-{i}.html">Bản tin hoạt động số {i} của Đảng ủy, HĐND, UBND xã</a></li>' for i in range(8)
)
TEASERS = "".join(
    f'<div class="item"><h4><a href="/bai-{i}.html">Xã tổ chức hoạt động chuyên đề lần thứ {i} tại nhà văn hóa</a></h4><p>Trong hai ngày qua, cán bộ và nhân dân các thôn đã tham gia nhiều hoạt động sôi nổi, thiết thực, lần thứ {i} trong năm.</p></div>'
    for i in range(6)
)
MENU = '<div class="top-bar"><a href="/">Trang chủ</a> <a href="/gioi-thieu">Giới thiệu</a> <a href="/tin">Tin tức</a> <a href="/vb">Văn bản</a></div>'
FOOTER = '<div class="ft"><p>TRANG THÔNG TIN ĐIỆN TỬ XÃ BẢN LẦU</p><p>Địa chỉ: Thôn Na Lốc, xã Bản Lầu</p><p>Điện thoại: 0214 000 999 - Email: xabanlau@example.vn</p><p>Ghi rõ nguồn khi phát hành lại thông tin từ trang này</p></div>'
IMPRINT = '<div class="bottom-wrapper"><div>ỦY BAN NHÂN DÂN XÃ BẢN LẦU</div><div>Trụ sở đặt tại thôn Na Lốc, cách trung tâm tỉnh 40 km theo quốc lộ 4D</div><div>Bí thư Đảng ủy phụ trách chung, Phó Bí thư phụ trách nội dung</div></div>'
COLUMN = (
    '<div class="col-right"><div class="box"><div class="box-head">Lời Bác dạy</div><div class="box-body">Cán bộ là cái gốc của mọi công việc, công việc thành công hoặc thất bại đều do cán bộ tốt hay kém, phải luôn ghi nhớ điều ấy trong mọi công tác hằng ngày.</div></div><ul>'
    + LINKS
    + "</ul></div>"
)


def paragraphs(t="p"):
    return "".join(f"<{t}>{x}</{t}>" for x in TEXT)


BROKEN = "<br><br>".join(TEXT)


def html(b, title="Trang thông tin điện tử xã Bản Lầu", head=""):
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title>{head}</head><body>{b}</body></html>"


ARTICLES = {}
ARTICLES["vnpt"] = (
    html(
        f'{MENU}<div class="container"><div class="row"><div class="col-md-9"><div class="box-detail"><div class="detail-title">{TITLE}</div><div class="detail-date">12/08/2025 08:30</div><div class="detail-sapo">{TEXT[0]}</div><div class="detail-body">{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</div></div><div class="box-other"><div class="other-head">Tin tức khác</div><ul>{LINKS}</ul></div></div>{COLUMN}</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["bigdiv-br"] = (
    html(
        f"{MENU}<table><tr><td>{COLUMN}</td><td><b>{TITLE}</b><br><i>(Cập nhật: 12/08/2025 8:30:00 SA)</i><br>{BROKEN}</td></tr></table>{FOOTER}"
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["div-per-par"] = (
    html(
        f'{MENU}<div id="main"><h3>{TITLE}</h3><div>Đăng lúc 08:30 - 12/08/2025</div><div class="ct">{paragraphs("div")}</div></div>{IMPRINT}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["site-h1"] = (
    html(
        f'<h1><a href="/">XÃ BẢN LẦU</a></h1><h2>Trang thông tin điện tử xã Bản Lầu tỉnh Lào Cai</h2>{MENU}<h4>{TITLE}</h4><p><strong>{TEXT[0]}</strong></p>{"".join("<p>" + x + "</p>" for x in TEXT[1:])}<p>Ngày đăng: 12/08/2025</p>{IMPRINT}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["breadcrumb"] = (
    html(
        f'{MENU}<ul class="breadcrumb"><li><a href="/">Trang chủ</a></li><li><a href="/tin">Tin tức</a></li><li>{TITLE}</li></ul><h2 class="title">{TITLE}</h2><span class="time">Thứ ba, 12/08/2025 | 08:30</span><div class="noi-dung">{paragraphs()}</div>{TEASERS}{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["related-excerpts"] = (
    html(
        f'{MENU}<div class="w"><div class="tieude">{TITLE}</div><div class="ngay">12/08/2025</div><div class="nd">{paragraphs()}</div></div><div class="w2"><h3>Tin liên quan</h3>{TEASERS}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["related-nomarker"] = (
    html(
        f'{MENU}<div class="w"><h1>{TITLE}</h1><div class="ngay">12/08/2025</div><div class="nd">{paragraphs()}</div>{TEASERS}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["short"] = (
    html(
        f'{MENU}<div class="row"><div class="c9"><h2 class="news-title">Thông báo lịch tiếp công dân tháng 9</h2><p class="meta">Ngày 05/09/2025 - Lượt xem: 25</p>{"".join("<p>" + x + "</p>" for x in NOTICE)}<p><a href="/f/lich.pdf">Tải về</a></p></div>{COLUMN}</div>{FOOTER}'
    ),
    "Thông báo lịch tiếp công dân tháng 9",
    "2025-09-05",
    NOTICE,
)
ARTICLES["short-foot2"] = (
    html(
        f'{MENU}<div class="row"><div class="c9"><h2 class="news-title">Thông báo lịch tiếp công dân tháng 9</h2><p class="meta">Ngày 05/09/2025 - Lượt xem: 25</p>{"".join("<p>" + x + "</p>" for x in NOTICE)}<p><a href="/f/lich.pdf">Tải về</a></p></div>{COLUMN}</div>{IMPRINT}'
    ),
    "Thông báo lịch tiếp công dân tháng 9",
    "2025-09-05",
    NOTICE,
)
ARTICLES["tailwind"] = (
    html(
        f'<header class="bg-red-700"><span class="text-xl">Cổng thông tin điện tử xã Bản Lầu</span></header><div class="mx-auto flex"><div class="w-2/3"><h1 class="text-2xl font-bold">{TITLE}</h1><p class="text-gray-500 text-sm">08:30 12/08/2025</p><div class="prose">{paragraphs()}</div></div><div class="w-1/3"><h2 class="text-lg">Tin mới nhất</h2>{LINKS}</div></div><footer><p>© 2025</p></footer>',
        TITLE + " | Cổng thông tin",
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["newspaper"] = (
    html(
        f'<nav>{MENU}</nav><section class="page-detail"><div class="header-content"><ul class="breadcrumb"><li><a href="/ts">Thời sự</a></li></ul><span class="date">Thứ ba, 12/8/2025, 08:30 (GMT+7)</span></div><h1 class="title-detail">{TITLE}</h1><p class="description">{TEXT[0]}</p><article class="fck_detail">{"".join("<p class=Normal>" + x + "</p>" for x in TEXT[1:3])}<figure><img src="a.jpg"><figcaption><p class="Image">{CAPTION}</p></figcaption></figure>{"".join("<p class=Normal>" + x + "</p>" for x in TEXT[3:])}<p class="author_mail" style="text-align:right"><strong>Hà Vy</strong></p></article><div class="footer-content"><div class="social"></div></div><div class="box-tinlienquan"><h2>Tin liên quan</h2>{LINKS}</div></section>{FOOTER}',
        TITLE + " - Báo",
    ),
    TITLE,
    "2025-08-12",
    [*TEXT[:3], CAPTION, *TEXT[3:], "Hà Vy"],
)
ARTICLES["title-link"] = (
    html(
        f'{MENU}<div class="item-page"><h2><a href="/bai-viet-nay.html">{TITLE}</a></h2><small>Viết ngày 12 Tháng 8 2025</small><div>{paragraphs()}</div></div>{COLUMN}{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["sapo-h2"] = (
    html(
        f'{MENU}<div class="d"><h1 class="t">{TITLE}</h1><div class="inf"><span>12/08/2025 08:30</span><span>Xem cỡ chữ</span></div><h2 class="sapo">{TEXT[0]}</h2><div class="c">{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["section-h1-title-span"] = (
    html(
        f'{MENU}<div class="portlet"><h1 class="portlet-title">Tin tức - Sự kiện</h1><div class="pb"><span class="tieude-tin" style="font-weight:bold">{TITLE}</span><br/><span class="ngaydang">12/08/2025</span><div>{paragraphs()}</div></div></div>{IMPRINT}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["date-below"] = (
    html(
        f'{MENU}<div><p class="bigtitle">{TITLE}</p>{paragraphs()}<p class="right"><i>Cập nhật: 08:30 12/08/2025</i></p></div><div>{LINKS}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["iframe-share"] = (
    html(
        f'{MENU}<div class="main-content"><h1>{TITLE}</h1><div class="post-meta"><i class="fa fa-clock"></i> 12/08/2025 <i class="fa fa-eye"></i> 125 <i class="fa fa-user"></i> Quản trị viên</div><div class="share">Chia sẻ: Facebook Zalo</div><div class="entry">{paragraphs()}<p>Từ khóa: hội nghị, sơ kết</p></div></div><div class="sidebar">{TEASERS}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["h1-in-table-long-menu-text"] = (
    html(
        f"{MENU}<table><tr><td class=l>{COLUMN}<p>Chào mừng quý vị đến với trang thông tin của xã, chúc quý vị một ngày tốt lành và nhiều niềm vui trong cuộc sống hôm nay.</p></td><td><table><tr><td><h1>{TITLE}</h1></td></tr><tr><td>12-08-2025</td></tr><tr><td>{paragraphs()}</td></tr></table></td></tr></table>{IMPRINT}"
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["caps-title"] = (
    html(
        f'{MENU}<div id=ct><p style="text-align:center"><strong>{TITLE.upper()}</strong></p><p>(12/08/2025)</p>{paragraphs()}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["today-header"] = (
    html(
        f'<div class="head-date">Thứ Bảy, ngày 22/11/2025</div>{MENU}<div id=ct><div class="title-news">{TITLE}</div><div class="date-news">12/08/2025 14:05</div><div>{paragraphs()}</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["bold-lead-paras"] = (
    html(
        f'{MENU}<div class="contentdetail"><div class="news_title">{TITLE}</div><div class="news_date">Ngày cập nhật 12/08/2025</div><div class="news_content"><div><b>{TEXT[0]}</b></div>{"".join("<div>&nbsp;</div><div>" + x + "</div>" for x in TEXT[1:])}</div><div class="news_source">Bùi Thị Hoa</div><div class="news_other"><div class="hd">Các tin khác</div>{LINKS}</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)

SUBHEAD = "<h3>Kết quả nổi bật</h3>"
LIST = "<ul><li>Thu ngân sách đạt 12 tỷ đồng, bằng 110% kế hoạch năm;</li><li>Tỷ lệ hộ nghèo giảm còn 3,2%;</li><li>Có 5 thôn đạt chuẩn nông thôn mới kiểu mẫu.</li></ul>"
POINTS = [
    "Kết quả nổi bật",
    "Thu ngân sách đạt 12 tỷ đồng, bằng 110% kế hoạch năm;",
    "Tỷ lệ hộ nghèo giảm còn 3,2%;",
    "Có 5 thôn đạt chuẩn nông thôn mới kiểu mẫu.",
]
ARTICLES["widget-wrap"] = (
    html(
        f'<div class="widget widget-menu"><a href="/">Trang chủ</a></div><div class="widget"><div class="widget-title">{TITLE}</div><div class="widget-time">12/08/2025</div><div class="widget-body">{paragraphs()}</div></div>'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["lists-heads"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div class="time-post">08:30, 12/08/2025</div><div class="c"><p>{TEXT[0]}</p>{SUBHEAD}{LIST}<p>{TEXT[1]}</p><p>{TEXT[2]}</p></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    [TEXT[0], *POINTS, *TEXT[1:3]],
)
ARTICLES["inline-related"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div class="time-post">08:30, 12/08/2025</div><div class="c"><p>{TEXT[0]}</p><p>{TEXT[1]}</p><div class="rel"><b>Tin liên quan:</b><ul><li><a href=/a>Xã Bản Lầu chuẩn bị đại hội Đảng bộ nhiệm kỳ mới</a></li><li><a href=/b>Khánh thành cầu dân sinh thôn Na Lốc</a></li></ul></div><p>{TEXT[2]}</p><p>{TEXT[3]}</p><p>{TEXT[4]}</p></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["inline-links"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div>12/08/2025</div><div class="c"><p>{TEXT[0]} Xem <a href="/x">Nghị quyết số 12</a> tại đây.</p><p><a href="http://chinhphu.vn">Nghị quyết của Chính phủ</a> quy định rõ việc này đối với chính quyền cấp xã từ ngày 1/7.</p><p>{TEXT[2]}</p></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    [
        TEXT[0] + " Xem Nghị quyết số 12 tại đây.",
        "Nghị quyết của Chính phủ quy định rõ việc này đối với chính quyền cấp xã từ ngày 1/7.",
        TEXT[2],
    ],
)
ARTICLES["comments"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div>12/08/2025</div><div class="c">{paragraphs()}</div><div><h4>Ý kiến bạn đọc (2)</h4><div><b>Nguyễn Văn A</b> <i>13/08/2025 10:00</i><p>Rất mong chính quyền xã quan tâm hơn nữa đến con đường liên thôn đang xuống cấp nghiêm trọng.</p></div><div><b>Trần B</b> <i>14/08/2025</i><p>Cảm ơn cán bộ xã đã tận tình hướng dẫn người dân làm thủ tục.</p></div></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["comments2"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div>12/08/2025</div><div class="c">{paragraphs()}</div><div>Bình luận (0)</div><div>Hãy là người đầu tiên gửi bình luận cho bài viết này nhé các bạn đọc thân mến!</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["attachments"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div>12/08/2025</div><div class="c">{paragraphs()}</div><div>File đính kèm:</div><table><tr><td>1</td><td><a href="/a.pdf">Báo cáo số 12-BC-DU ngày 10-8-2025.pdf</a></td><td>1,2 MB</td></tr></table></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["unclosed"] = (
    f"<html><head><title>x</title><body>{MENU}<table><tr><td><font size=4><b>{TITLE}</b></font><p>Ngày 12/08/2025<p>"
    + "<p>".join(TEXT)
    + f"<tr><td>{FOOTER}",
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["no-date"] = (
    html(f'{MENU}<div class="m"><h1>{TITLE}</h1><div class="c">{paragraphs()}</div></div>{FOOTER}'),
    TITLE,
    "",
    TEXT,
)
ARTICLES["wp-classic"] = (
    html(
        f'{MENU}<div class="post hentry"><h2 class="posttitle"><a href="/tin/123" rel="bookmark">{TITLE}</a></h2><p class="postmetadata">Đăng bởi <a href="/a">admin</a> | Thứ ba 12 Th8 2025 | <a href="#c">Không có phản hồi »</a></p><div class="entry">{paragraphs()}</div></div>{COLUMN}{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["dnn"] = (
    html(
        f'{MENU}<div id="dnn_ContentPane"><div class="c_head title_h2"><span id="dnn_ctr_dnnTITLE_titleLabel" class="Head">Chi tiết tin tức</span></div><div id="dnn_ctr450"><div class="ArticleTitle"><span id="lblTitle">{TITLE}</span></div><span id="lblDate">(8/12/2025 2:05:00 PM)</span><div id="divSum"><strong>{TEXT[0]}</strong></div><div id="divContent">{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</div><div id="author">Nguyễn Thị Lan Anh</div></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["sp-detail"] = (
    html(
        f'<form>{MENU}<div class="ms-webpart-zone"><div class="ms-WPBody"><div class="ArticleHeader"><h1 class="ms-rteElement-H1">{TITLE}</h1><div class="date-line"><span>Ngày đăng:</span> <span>12/08/2025</span></div></div><div class="ms-rtestate-field"><p>​{TEXT[0]}</p>{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</div></div></div>{FOOTER}</form>',
        "Trang chủ - Tin tức",
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["one-par"] = (
    html(
        f'{MENU}<div class="m"><h1>{TITLE}</h1><div>12/08/2025</div><div class="c"><p>{" ".join(TEXT)}</p></div></div><div class="x"><h3>Tin mới</h3>{LINKS}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["slider-top"] = (
    html(
        f'{MENU}<div class="slide"><div><h2><a href="/s1">Khai mạc hội nghị trung tâm xã về chuyển đổi số năm 2025</a></h2><p>Sáng nay tại trung tâm xã đã diễn ra hội nghị chuyển đổi số với sự tham gia của đông đảo đại biểu các thôn.</p></div></div><div class="m"><div class="title_post">{TITLE}</div><div class="time_post">12/08/2025</div><div class="c">{paragraphs()}</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["h2-everything"] = (
    html(
        f"<h2>Ủy ban nhân dân xã Bản Lầu</h2>{MENU}<h2>Tin trong xã</h2><h2>{TITLE}</h2><span>Ngày 12/08/2025 08:30</span>{paragraphs()}<h2>Thông tin khác</h2><ul>{LINKS}</ul><h2>Thăm dò ý kiến</h2><p>Bạn đánh giá thế nào về giao diện trang thông tin điện tử của xã hiện nay?</p>{FOOTER}"
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)


ARTICLES["print-area"] = (
    html(
        f'{MENU}{COLUMN}<div id="divPrint"><div class="td-detail">{TITLE}</div><div class="d">Thứ ba, 12/08/2025, 08:30</div><div>{paragraphs()}</div></div>{IMPRINT}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["elementor"] = (
    html(
        f'<div class="elementor-element elementor-widget elementor-widget-heading"><h1 class="elementor-heading-title">{TITLE}</h1></div><div class="elementor-widget elementor-widget-post-info"><span class="elementor-post-info__item--type-date">12 Tháng 8, 2025</span></div><div class="elementor-widget elementor-widget-theme-post-content">{paragraphs()}</div><div class="elementor-widget elementor-widget-posts">{TEASERS}</div>'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["drupal"] = (
    html(
        f'{MENU}<div class="region region-content"><h1 class="page-title">{TITLE}</h1><div class="tabs"></div><article class="node node-tin-tuc"><footer class="node__meta"><div class="node__submitted">Được đăng bởi <span>admin</span> vào T3, 12/08/2025 - 08:30</div></footer><div class="field field-name-body">{paragraphs()}</div></article></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["liferay-vn"] = (
    html(
        f'{MENU}<div class="portlet-body"><div class="content-detail"><div class="news-detail-title">{TITLE}</div><div class="news-detail-date"><i class="icon"></i>12/08/2025 | 08:30</div><div class="news-detail-abstract">{TEXT[0]}</div><div class="news-detail-content journal-content-article">{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</div><div class="news-detail-author">Mai Hoa</div><div class="views">Số lượt xem: 312</div><div class="other-news"><div class="other-news-title">CÁC TIN KHÁC</div><ul>{LINKS}</ul></div></div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["congbao-left-title"] = (
    html(
        f'{MENU}<table width=100%><tr><td class="tdMenu">{LINKS}</td><td class="tdMain"><span id="ctl00_lblCatName">Tin tức - Sự kiện</span><hr><span id="ctl00_lblTitle" class="TieuDe">{TITLE}</span><br><span id="ctl00_lblDate" class="NgayThang">(12/08/2025 08:30:15 AM)</span><br><span id="ctl00_lblLead"><b>{TEXT[0]}</b></span><br><span id="ctl00_lblContent">{"".join("<p>" + x + "</p>" for x in TEXT[1:])}</span></td></tr></table>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["h1-date-inside"] = (
    html(f'{MENU}<div class="x"><h1>{TITLE} <span class="date">(12/08/2025)</span></h1>{paragraphs()}</div>{FOOTER}'),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["title-two-lines"] = (
    html(
        f'{MENU}<div class="x"><h1>Xã Bản Lầu sơ kết hai tháng<br>vận hành chính quyền hai cấp</h1><div>12/08/2025</div>{paragraphs()}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["wayback"] = (
    html(
        f'<div id="wm-ipp" style="display:none">12 Dec 2016</div>{MENU}<div class="x"><div class="Title">{TITLE}</div><div class="Time">thứ ba, 12 08 2025 08:30</div>{paragraphs()}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["view-first"] = (
    html(
        f'{MENU}<div class="x"><h2 class="tt">{TITLE}</h2><p><span>Lượt xem: 1250</span> <span>Ngày đăng: 12/08/2025</span> <span>Người đăng: Ban biên tập</span></p>{paragraphs()}</div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    TEXT,
)
ARTICLES["doc-date-in-body"] = (
    html(
        f'{MENU}<div class="x"><h2 class="tt">{TITLE}</h2><p>Bản Lầu, ngày 01 tháng 8 năm 2025</p>{paragraphs()}<div class="pub">Đăng ngày 12/08/2025</div></div>{FOOTER}'
    ),
    TITLE,
    "2025-08-12",
    ["Bản Lầu, ngày 01 tháng 8 năm 2025", *TEXT],
)
ARTICLES["many-captions"] = (
    html(
        f'{MENU}<div class="x"><h2 class="tt">{TITLE}</h2><span>12/08/2025</span>'
        + "".join(
            f'<p>{x}</p><table align=center><tr><td><img src="/{i}.jpg"></td></tr><tr><td><i>Ảnh {i}: {CAPTION}</i></td></tr></table>'
            for i, x in enumerate(TEXT)
        )
        + f"</div>{FOOTER}"
    ),
    TITLE,
    "2025-08-12",
    [y for i, x in enumerate(TEXT) for y in (x, f"Ảnh {i}: {CAPTION}")],
)
ARTICLES["longtitle-short-body"] = (
    html(
        f'{MENU}<div class="x"><h2 class="tt">Thông báo về việc niêm yết công khai danh sách hộ nghèo, hộ cận nghèo trên địa bàn xã năm 2025</h2><span>12/08/2025</span><p>Thực hiện quy trình rà soát, xã niêm yết danh sách tại nhà văn hóa các thôn từ ngày 13/8 đến hết ngày 20/8/2025 để nhân dân biết, góp ý.</p></div>{FOOTER}'
    ),
    "Thông báo về việc niêm yết công khai danh sách hộ nghèo, hộ cận nghèo trên địa bàn xã năm 2025",
    "2025-08-12",
    [
        "Thực hiện quy trình rà soát, xã niêm yết danh sách tại nhà văn hóa các thôn từ ngày 13/8 đến hết ngày 20/8/2025 để nhân dân biết, góp ý."
    ],
)


def teaser(i, h="h3", d='<span class="date">12/08/2025</span>'):
    return f'<div class="item"><{h}><a href="/tin/bai-so-{i}.html">Xã Bản Lầu tổ chức hoạt động chuyên đề lần thứ {i} tại nhà văn hóa</a></{h}>{d}<p>Trong hai ngày qua, cán bộ và nhân dân các thôn đã tham gia nhiều hoạt động sôi nổi, thiết thực lần thứ {i} trong năm nay, thu hút đông đảo bà con đến xem và cổ vũ...</p></div>'


OTHERS = {}
for k in (1, 2, 3, 5, 10):
    OTHERS[f"h1-teasers-{k}"] = html(
        f'{MENU}<div class="main"><h1>Thông báo của xã</h1>{"".join(teaser(i) for i in range(k))}</div>{COLUMN}{IMPRINT}'
    )
OTHERS["teasers-nohead"] = html(f'{MENU}<div class="main">{"".join(teaser(i, "h2") for i in range(3))}</div>{FOOTER}')
OTHERS["teasers-b"] = html(
    f"{MENU}<table>"
    + "".join(
        f'<tr><td><a href="/t{i}"><b>Xã Bản Lầu họp chuyên đề về chuyển đổi số lần {i}</b></a> (12/08/2025)<br>Trong hai ngày qua, cán bộ và nhân dân các thôn đã tham gia nhiều hoạt động sôi nổi, thiết thực lần thứ {i} trong năm nay. <a href="/t{i}">Chi tiết</a></td></tr>'
        for i in range(6)
    )
    + f"</table>{IMPRINT}"
)
OTHERS["docs-table"] = html(
    f"{MENU}<h2>Văn bản chỉ đạo điều hành</h2><table><tr><th>Số hiệu</th><th>Trích yếu</th><th>Ngày ban hành</th></tr>"
    + "".join(
        f"<tr><td>{i}/KH-UBND</td><td>Kế hoạch triển khai thực hiện công tác cải cách hành chính năm 2025 trên địa bàn xã, đợt {i}</td><td>12/08/2025</td></tr>"
        for i in range(10)
    )
    + f"</table>{FOOTER}"
)
OTHERS["docs-table-links"] = html(
    f"{MENU}<h2>Văn bản chỉ đạo điều hành</h2><table>"
    + "".join(
        f'<tr><td><a href="/vb/{i}">{i}/KH-UBND</a></td><td><a href="/vb/{i}">Kế hoạch triển khai thực hiện công tác cải cách hành chính năm 2025 trên địa bàn xã, đợt {i}</a></td><td>12/08/2025</td></tr>'
        for i in range(10)
    )
    + f"</table>{FOOTER}"
)
OTHERS["contact"] = html(
    f"{MENU}<h1>Liên hệ</h1><p>Địa chỉ: Thôn Na Lốc, xã Bản Lầu, tỉnh Lào Cai</p><p>Điện thoại: 0214 000 999</p><p>Email: xabanlau@example.vn</p><p>Website: banlau.example</p>{FOOTER}"
)
OTHERS["search"] = html(
    f"{MENU}<h1>Kết quả tìm kiếm</h1><p>Không tìm thấy kết quả nào phù hợp với từ khóa của bạn, vui lòng thử lại với từ khóa khác ngắn hơn hoặc tổng quát hơn.</p>{FOOTER}"
)
OTHERS["gallery"] = html(
    f"{MENU}<h1>Thư viện ảnh</h1>"
    + "".join(
        f'<div class="g"><a href="/anh/{i}"><img src="/i{i}.jpg"></a><p><a href="/anh/{i}">Hình ảnh hoạt động của xã trong tháng {i}</a></p></div>'
        for i in range(8)
    )
    + FOOTER
)
OTHERS["qa-list"] = html(
    f"{MENU}<h2>Hỏi đáp</h2>"
    + "".join(
        f'<div class="qa"><div class="q"><a href="/hd/{i}">Thủ tục đăng ký kết hôn với người nước ngoài cần những gì, lần {i}?</a></div><div class="u">Nguyễn Văn {i}, gửi ngày 12/08/2025</div><div class="s">Tôi muốn hỏi thủ tục đăng ký kết hôn với người nước ngoài tại xã gồm những giấy tờ gì và thời gian bao lâu?</div></div>'
        for i in range(6)
    )
    + FOOTER
)
OTHERS["wp-archive"] = html(
    f'{MENU}<header class="page-header"><h1 class="page-title">Chuyên mục: Tin tức</h1></header>'
    + "".join(
        f'<article class="post-{i} post hentry"><h2 class="entry-title"><a href="/bai-{i}/">Xã Bản Lầu tổ chức hoạt động chuyên đề lần thứ {i}</a></h2><div class="entry-meta"><time datetime="2025-08-12T01:00:00+00:00">12/08/2025</time></div><div class="entry-summary"><p>Trong hai ngày qua, cán bộ và nhân dân các thôn đã tham gia nhiều hoạt động sôi nổi, thiết thực lần thứ {i} trong năm nay, thu hút đông đảo bà con đến xem [&hellip;]</p></div></article>'
        for i in range(3)
    )
    + FOOTER
)


def word_f1(one, other):
    """The F1 of two texts' words."""
    a, b = Counter(fold_tones(one).split()), Counter(fold_tones(other).split())
    return 2 * sum((a & b).values()) / (sum(a.values()) + sum(b.values()))


@pytest.mark.parametrize("name", ARTICLES)
def test_title_day_and_text_are_found(name):
    page, title, day, paragraphs = ARTICLES[name]
    article = parse_html(page.encode(), "http://banlau.example/tin/123", fetched_at="2025-11-22T00:00:00Z")
    assert article.title.casefold() == title.casefold()
    assert (article.published_at or "")[:10] == day
    assert word_f1("\n".join(paragraphs), article.text.partition("\n")[2]) > 0.95


@pytest.mark.parametrize("name", OTHERS)
def test_lists_and_the_like_are_no_articles(name):
    with pytest.raises(ParseError) as error:
        parse_html(OTHERS[name].encode(), "http://banlau.example/thong-bao/", fetched_at="2025-11-22T00:00:00Z")
    assert error.value.code in ("list_page", "no_article", "too_short")
