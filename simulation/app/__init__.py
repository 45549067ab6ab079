"""The what-if page: move a setting, and see what becomes of turnover and revenue.

    command -> serve -> guard            who may talk to it
               page  -> picker, panel, share   what is set: a Draft
                     -> conversation -> desk   what becomes of it: an Answer
                     -> board                  numbers and charts
"""
