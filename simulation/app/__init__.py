"""The what-if page: move a setting, and see what becomes of turnover and revenue.

    command -> serve -> guard          who may talk to it
               page  -> drafts/        what is set, and the same for others to take
                        settings/      the left side, where it is set
                        answers/       what becomes of it
                        results/       the right side, where that is seen
                        share, making  files, links and decks
"""
