"""Logs from programs that send to Elasticsearch: the part of its HTTP interface that they need to deliver.

Filebeat, Winlogbeat, Fluent Bit, rsyslog and syslog-ng think that this is Elasticsearch. There is no index and nothing
can be read back. https://www.elastic.co/guide/en/elasticsearch/reference/8.17/docs-bulk.html
"""
