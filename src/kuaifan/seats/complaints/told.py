"""What the timeline says of the seat's events (时间线用语); never a party, a text or an answer."""

from __future__ import annotations

from typing import Final

TOLD: Final = (
    (
        "ComplaintTaken",
        "受理投诉 {complaint_id}（{channel}）",
        "complaint {complaint_id} taken ({channel})",
    ),
    (
        "InspectionSent",
        "投诉 {complaint_id} 已派督察",
        "inspection sent for complaint {complaint_id}",
    ),
    (
        "InquiryBegun",
        "投诉 {complaint_id} 开始核查",
        "inquiry into complaint {complaint_id} begun",
    ),
    (
        "ComplaintConcluded",
        "投诉 {complaint_id} 结论：{finding}",
        "complaint {complaint_id}: {finding}",
    ),
    (
        "ComplainantAnswered",
        "投诉 {complaint_id} 已答复",
        "complainant of {complaint_id} answered",
    ),
    (
        "CorrectionConfirmed",
        "投诉 {complaint_id} 整改已确认",
        "correction after complaint {complaint_id} confirmed",
    ),
    (
        "FeedbackReceived",
        "收到意见建议 {feedback_id}（{topic}）",
        "message {feedback_id} received ({topic})",
    ),
    (
        "FeedbackAnswered",
        "意见建议 {feedback_id} 已答复",
        "message {feedback_id} answered",
    ),
)
