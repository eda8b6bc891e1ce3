"""What the timeline says of the seat's events (时间线用语); never a party, a text or an answer."""

from __future__ import annotations

from typing import Final

TOLD: Final = (
    (
        "MediationOpened",
        "立调解案 {mediation_id}（{partner_kind}：{partner}）",
        "mediation {mediation_id} opened ({partner_kind}: {partner})",
    ),
    (
        "MediationConsentRecorded",
        "调解案 {mediation_id} 登记意愿（{side}）",
        "mediation {mediation_id}: {side} was asked",
    ),
    (
        "MediationBooked",
        "调解案 {mediation_id} 预约 {room_id}，{from_ms} 开始",
        "mediation {mediation_id} booked in {room_id}",
    ),
    (
        "MediationBookingCancelled",
        "调解案 {mediation_id} 取消预约",
        "mediation {mediation_id}: the booking is cancelled",
    ),
    (
        "MediationHeld",
        "调解案 {mediation_id} 调解：{outcome}",
        "mediation {mediation_id} held: {outcome}",
    ),
    (
        "MediationSigned",
        "调解案 {mediation_id} 签订协议",
        "mediation {mediation_id}: agreement signed",
    ),
    (
        "PerformanceChecked",
        "调解案 {mediation_id} 履行核查",
        "mediation {mediation_id}: performance checked",
    ),
    (
        "MediationEnded",
        "调解案 {mediation_id} 终止：{why}",
        "mediation {mediation_id} ended: {why}",
    ),
    (
        "MediationRouted",
        "调解案 {mediation_id} 转后续办理",
        "mediation {mediation_id}: what follows is opened",
    ),
    (
        "MediationTakenToCase",
        "调解案 {mediation_id} 移送办案 {case_no}",
        "mediation {mediation_id} taken to case {case_no}",
    ),
    (
        "CivilRouteTold",
        "调解案 {mediation_id} 已告知民事途径",
        "mediation {mediation_id}: both told of the court",
    ),
)
