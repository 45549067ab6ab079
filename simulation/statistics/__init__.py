"""From records to measures, intervals and paired differences."""
