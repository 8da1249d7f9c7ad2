class DatasetteError(Exception):
    def __init__(self, message, title=None, error_dict=None, status=500, template=None, message_is_html=False):
        self.message = message
        self.title = title
        self.status = status
