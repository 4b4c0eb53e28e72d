from reporting.models.runs import ReportRun, ReportTemplate, RunSeries
from reporting.models.samples import Sample, SampleConclusion, SampleResult

__all__ = ["ReportRun", "ReportTemplate", "RunSeries", "Sample", "SampleConclusion", "SampleResult"]
