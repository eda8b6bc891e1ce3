"""Planning models (规划模型): one plug-in folder each, paper and formula on top."""
