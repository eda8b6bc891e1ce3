"""What a timeline says of the fraud seat (反诈时间线): amounts and accounts by number, no names."""

from __future__ import annotations

from typing import Final

TOLD: Final = (
    ("FraudCaseOpened", "建立涉诈案件", "a fraud case was opened"),
    ("VictimNoted", "登记受害人", "the victim was noted"),
    (
        "TransferAdded",
        "登记转账 {amount_fen} 元，账户 {account_id}",
        "transfer of {amount_fen} yuan to account {account_id}",
    ),
    (
        "MoneyMoved",
        "台账：账户 {account_id} {amount_fen} 元，{left} → {right}",
        "ledger: {amount_fen} yuan of {account_id}, {left} → {right}",
    ),
    ("LossCorrected", "更正账户 {account_id} 的损失", "the loss of {account_id} was corrected"),
    (
        "StopRequested",
        "请求止付 {request_id}，{amount_fen} 元",
        "the bank was asked to stop {amount_fen} yuan, {request_id}",
    ),
    ("StopWaived", "无须止付", "nothing to stop"),
    ("BankAnswered", "银行反馈 {request_id}：{answer}", "bank on {request_id}: {answer}"),
    ("StopLapsed", "账户 {account_id} 止付失效", "the stop payment on {account_id} ran out"),
    ("FraudCaseFiled", "立案 {file_no}", "filed as {file_no}"),
    ("MoneyFrozen", "账户 {account_id} 冻结 {notice_no}", "freeze {notice_no} on {account_id}"),
    ("FreezeLapsed", "账户 {account_id} 冻结失效", "the freeze on {account_id} ran out"),
    ("WrongFreezeClaimed", "账户 {account_id} 误冻申诉", "{account_id}: claimed as wrongly held"),
    (
        "ReleaseProposed",
        "提请解除账户 {account_id}，{amount_fen} 元",
        "letting {amount_fen} yuan on {account_id} go was proposed",
    ),
    ("ClaimAnswered", "账户 {account_id} 误冻核查：{outcome}", "claim on {account_id}: {outcome}"),
    ("VictimUnitNoted", "上门警组 {unit_id}：{step}", "unit {unit_id} for the victim: {step}"),
    ("LineNoted", "与受害人通话：{step}", "line to the victim: {step}"),
    ("DissuasionEnded", "劝阻结果：{outcome}", "dissuasion: {outcome}"),
    ("FraudKindChanged", "案件类别更正：{was} → {kind}", "now a case of {kind}, it was {was}"),
    ("FraudCaseClosed", "涉诈案件已结：{outcome}", "the fraud case was closed: {outcome}"),
)
