from reporting.models.runs import ReportRun, ReportTemplate
from reporting.models.samples import Sample, SampleConclusion, SampleResult

__all__ = ["ReportRun", "ReportTemplate", "Sample", "SampleConclusion", "SampleResult"]
