"""The links as rules (环节): intake 接警, dispatch 派警, respond 出警, handle 处警, review 评查."""
